// Small comforts on top of pages that work without any script.
"use strict";

document.documentElement.dataset.script = "on";

function showPrintButtons() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

// What is shown only once can be taken along also where there is no printer.
function offerCopies() {
  const linesOf = (selector) => [...document.querySelectorAll(`${selector} > li`)].map((line) => line.textContent.trim()).join("\n");
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(linesOf(button.dataset.copy));
        button.textContent = "已复制";
      } catch {
        button.textContent = "没有复制成，请抄写";
      }
    });
  }
  for (const button of document.querySelectorAll("[data-download]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([linesOf(button.dataset.download) + "\n"], { type: "text/plain;charset=utf-8" }));
      link.download = button.dataset.name;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }
}

function describeSize(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

// A page that waits for something looks again by itself, while somebody looks at it.
function lookAgain() {
  const waiting = document.querySelector("[data-reload]");
  if (!waiting) return;
  setInterval(() => { if (!document.hidden) location.reload(); }, Number(waiting.dataset.reload) * 1000);
}

// A file that is too large is told so before it travels.
function checkFile(input) {
  const note = input.form?.querySelector("[data-upload-note]");
  const files = [...input.files];
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const limit = Number(input.dataset.limitBytes || 0);
  const isTooLarge = Boolean(limit && size > limit);
  const way = files.length > 1 ? "请分几次上传。" : "请删去图片或拆成几个文件后再上传。";
  input.setCustomValidity(isTooLarge ? `文件太大，最多 ${describeSize(limit)}。${way}` : "");
  if (isTooLarge) input.reportValidity();
  const names = files.length > 3 ? `${files.length} 个文件` : files.map((file) => file.name).join("、");
  if (note && files.length) note.textContent = `已选择：${names}（${describeSize(size)}）`;
}

// While a file travels and is read, its form says how far it is and cannot be sent twice.
function sendWithProgress(form, button) {
  const bar = form.querySelector("[data-upload-progress]");
  const note = form.querySelector("[data-upload-note]");
  const request = new XMLHttpRequest();
  // A button may send its form elsewhere; without that attribute, its property says the page's own address.
  const action = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const data = new FormData(form, button);
  const stopped = (text) => {
    if (bar) bar.hidden = true;
    if (note) note.textContent = text;
    if (button) button.disabled = false;
  };
  if (bar) bar.hidden = false;
  if (button) button.disabled = true;
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    if (bar) [bar.max, bar.value] = [event.total, event.loaded];
    const isSent = event.loaded === event.total;
    if (isSent) bar?.removeAttribute("value");
    if (note) note.textContent = isSent ? "已传完，正在读取，请稍候。" : `正在上传 ${Math.floor((event.loaded / event.total) * 100)}%`;
  });
  request.addEventListener("load", () => showAnswer(request, action, stopped));
  request.addEventListener("error", () => stopped("没有传完：网络中断。文件还选着，请再试一次。"));
  request.open("POST", action);
  request.send(data);
}

// A redirect has been followed by now: its page is opened. Any other page is the answer to what was sent.
function showAnswer(request, action, stopped) {
  if (request.responseURL && request.responseURL !== action) {
    window.location.assign(request.responseURL);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) return stopped("没有传完：系统没有回应。请再试一次。");
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  watchUploads();
  (document.querySelector("#errors") ?? main).focus();
}

function watchUploads() {
  for (const input of document.querySelectorAll("input[type=file][data-limit-bytes]:not([data-watched])")) {
    input.dataset.watched = "";
    input.addEventListener("change", () => checkFile(input));
    if (!input.form || "watched" in input.form.dataset) continue;
    input.form.dataset.watched = "";
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      sendWithProgress(input.form, event.submitter);
    });
  }
  // A page taken back from the browser's memory must be usable again.
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("form[data-watched] button[type=submit]")) button.disabled = false;
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
lookAgain();
offerCopies();
watchUploads();
watchChoices();
unfoldForPrint();
