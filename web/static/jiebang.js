// Small comforts on top of pages that work without any script.
"use strict";

document.documentElement.dataset.script = "on";

function showPrintButtons() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

function describeSize(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

// A file that is too large is told so before it travels.
function checkFile(input) {
  const note = input.form?.querySelector("[data-upload-note]");
  const file = input.files[0];
  const limit = Number(input.dataset.limitBytes || 0);
  const isTooLarge = Boolean(file && limit && file.size > limit);
  input.setCustomValidity(isTooLarge ? `文件太大，最多 ${describeSize(limit)}。请删去图片或拆成几个文件后再上传。` : "");
  if (isTooLarge) input.reportValidity();
  if (note && file) note.textContent = `已选择：${file.name}（${describeSize(file.size)}）`;
}

// While a file travels and is read, its form says so and cannot be sent twice.
function showProgress(form) {
  const bar = form.querySelector("[data-upload-progress]");
  const note = form.querySelector("[data-upload-note]");
  const button = form.querySelector("button[type=submit]");
  if (bar) bar.hidden = false;
  if (note) note.textContent = "正在上传并读取，请稍候。较长的清单可能要几秒钟。";
  if (button) button.disabled = true;
}

function watchUploads() {
  for (const input of document.querySelectorAll("input[type=file][data-limit-bytes]")) {
    input.addEventListener("change", () => checkFile(input));
    input.form?.addEventListener("submit", () => showProgress(input.form));
  }
  // A page taken back from the browser's memory must be usable again.
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("form[data-upload] button[type=submit]")) button.disabled = false;
  });
}

// Choices that change what a page shows are applied at once; the button beside them serves everybody else.
function watchChoices() {
  for (const field of document.querySelectorAll("[data-apply]")) {
    field.addEventListener("change", () => field.form.requestSubmit());
  }
}

// Everything folded is printed unfolded.
function unfoldForPrint() {
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details:not([open])")) {
      fold.dataset.wasFolded = "";
      fold.open = true;
    }
  });
  window.addEventListener("afterprint", () => {
    for (const fold of document.querySelectorAll("details[data-was-folded]")) {
      delete fold.dataset.wasFolded;
      fold.open = false;
    }
  });
}

showPrintButtons();
watchUploads();
watchChoices();
unfoldForPrint();
