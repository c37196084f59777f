// Comforts of writing: forms that save themselves, previews, rows to fill, counters, picks, uploads that tell how far
// they are. Everything listens on the document, so that parts of a page put in later take part as well.
"use strict";

(() => {
  const SAVE_AFTER_MS = 1200;
  const PREVIEW_AFTER_MS = 700;
  const RETRY_FIRST_MS = 3000;
  const RETRY_LAST_MS = 30000;
  const OFFLINE = "未保存：网络中断。您写的已留在这台电脑上，网络恢复后自动保存";
  const NEAR_THE_LIMIT = 0.9;

  const tokenOf = (form) => form.querySelector("input[name=csrf_token]")?.value ?? "";
  const later = (timers, form, wait, work) => {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => work(form), wait));
  };
  const clock = (moment) => new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" }).format(moment);

  // ---- autosave -----------------------------------------------------------------------------------------------
  // The contract with the server stands in the kit's documentation, /kit#autosave.

  const drafts = new Map();

  function values(form) {
    const found = new Map();
    for (const [name, value] of new FormData(form)) {
      if (name === "csrf_token" || name.startsWith("_") || value instanceof File) continue;
      found.set(name, [...(found.get(name) ?? []), value]);
    }
    return found;
  }

  function draftOf(form) {
    if (!drafts.has(form)) {
      drafts.set(form, { saved: JSON.stringify([...values(form)]), known: values(form), sending: false, waiting: null, stopped: false, wait: RETRY_FIRST_MS, timer: 0 });
    }
    return drafts.get(form);
  }

  function changedNames(form) {
    const { known } = draftOf(form);
    const now = values(form);
    const names = new Set([...known.keys(), ...now.keys()]);
    return [...names].filter((name) => JSON.stringify(known.get(name) ?? []) !== JSON.stringify(now.get(name) ?? []));
  }

  function tell(form, text, { isWrong = false, link = null } = {}) {
    const mark = document.querySelector(`[data-autosave-mark="${form.id}"]`) ?? form.querySelector("[data-autosave-mark]") ?? document.querySelector("[data-autosave-mark]");
    if (!mark) return;
    mark.className = isWrong ? "saved saved-not" : "saved";
    mark.replaceChildren(text);
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.text;
    // A link into the page itself names the button whose answer shows both texts.
    const button = link.href.startsWith("#") ? document.querySelector(`button${link.href}, ${link.href} button`) : null;
    if (button) {
      anchor.addEventListener("click", (event) => {
        event.preventDefault();
        button.click();
      });
    }
    if (link.isApart) {
      anchor.target = "_blank";
      anchor.rel = "noopener";
    }
    mark.append("，", anchor);
  }

  function showErrors(form, errors) {
    for (const old of form.querySelectorAll("[data-autosave-error]")) old.remove();
    for (const [name, message] of Object.entries(errors)) {
      const field = form.querySelector(`#${CSS.escape(name)}`);
      if (!field) continue;
      const said = document.createElement("span");
      said.className = "field-error";
      said.dataset.autosaveError = "";
      said.textContent = message;
      field.closest(".field-joined")?.after(said) ?? (field.tagName === "FIELDSET" ? field.append(said) : field.after(said));
    }
  }

  function retry(form) {
    const draft = draftOf(form);
    clearTimeout(draft.timer);
    draft.timer = setTimeout(() => save(form), draft.wait);
    draft.wait = Math.min(draft.wait * 2, RETRY_LAST_MS);
  }

  async function save(form) {
    const draft = draftOf(form);
    const names = changedNames(form);
    if (draft.sending || draft.stopped || !form.isConnected || names.length === 0) return;
    const sent = values(form);
    const body = new URLSearchParams({ _version: form.querySelector("input[name=_version]")?.value ?? "" });
    for (const name of names) {
      body.append("_changed", name);
      for (const value of sent.get(name) ?? []) body.append(name, value);
    }
    draft.sending = true;
    tell(form, "正在保存");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body,
        redirect: "manual",
        headers: { "X-CSRF-Token": tokenOf(form), Accept: "application/json" },
      });
      draft.sending = false;
      await took(form, answer, names, sent);
    } catch {
      draft.sending = false;
      draft.failing = true;
      keep(form);
      tell(form, draft.pressed ? OFFLINE : "未保存：网络中断，恢复后自动重试", { isWrong: true });
      retry(form);
    }
    const { waiting } = draft;
    draft.waiting = null;
    if (waiting && form.isConnected) form.requestSubmit(waiting.button);
  }

  function isKnown(draft, names, sent) {
    for (const name of names) sent.has(name) ? draft.known.set(name, sent.get(name)) : draft.known.delete(name);
  }

  async function took(form, answer, names, sent) {
    const draft = draftOf(form);
    const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    [draft.failing, draft.pressed] = [false, false];
    if (answer.ok) {
      draft.wait = RETRY_FIRST_MS;
      sessionStorage.removeItem(keptAt(form));
      isKnown(draft, names, sent);
      const version = form.querySelector("input[name=_version]");
      if (version && said.version !== undefined) version.value = said.version;
      showErrors(form, said.errors ?? {});
      tell(form, `已保存 ${clock(said.saved_at ? new Date(said.saved_at) : new Date())}`, { link: draft.clash });
      form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: said }));
      if (changedNames(form).length) later(saveTimers, form, SAVE_AFTER_MS, save);
    } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      draft.stopped = true;
      tell(form, "未保存：登录已过期，您写的内容还在本页", { isWrong: true, link: { href: "/sign-in", text: "请在新窗口登录后继续", isApart: true } });
    } else if (answer.status === 409) {
      const link = { href: said.link ?? form.dataset.autosaveConflict ?? form.action, text: "有人同时修改，查看两份" };
      if (said.kept) {
        // The server holds both texts: nothing is lost by leaving, and the other fields go on being saved.
        isKnown(draft, names, sent);
        draft.clash = link;
        tell(form, "两份都已留存", { isWrong: true, link });
        return;
      }
      draft.stopped = true;
      tell(form, "未保存", { isWrong: true, link });
    } else if (answer.status === 422) {
      showErrors(form, said.errors ?? {});
      tell(form, said.message ?? "未保存：有内容需要改正", { isWrong: true });
    } else if (answer.status === 404 || answer.status === 413) {
      draft.stopped = true;
      tell(form, answer.status === 404 ? "未保存：草稿已不在了，请先复制内容，再回到列表查看" : "未保存：内容太长，请删减", { isWrong: true });
    } else {
      tell(form, "未保存：系统正忙，稍后自动重试", { isWrong: true });
      retry(form);
    }
  }

  // Somebody who has signed in again in another window has a new token; this page itself holds it.
  async function comeBack(form) {
    const draft = draftOf(form);
    if (!draft.stopped || changedNames(form).length === 0) return;
    try {
      const answer = await fetch(location.href, { redirect: "manual", headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("input[name=csrf_token]")?.value;
      if (!fresh || fresh === tokenOf(form)) return;
      for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = fresh;
      draft.stopped = false;
      save(form);
    } catch {
      // Still no network; the next return of the window tries again.
    }
  }

  const saveTimers = new Map();
  const forms = () => [...document.querySelectorAll("form[data-autosave]")];

  for (const form of forms()) draftOf(form);
  document.addEventListener("focusin", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (form) draftOf(form);
  });
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.form;
      if (form?.matches("[data-autosave]")) later(saveTimers, form, SAVE_AFTER_MS, save);
    });
  }
  document.addEventListener("focusout", (event) => {
    const form = event.target.form;
    if (form?.matches?.("[data-autosave]")) save(form);
  });
  window.addEventListener("online", () => forms().forEach(save));
  window.addEventListener("focus", () => forms().forEach(comeBack));

  // A press while there is no network would leave for the browser's own error page: the form stays, its words are
  // kept in this window as well, and the press is taken once the server answers again. Whoever sits down at this
  // computer next has another window, and how to reach somebody is not kept at all.
  const keepable = (form) => JSON.stringify([...values(form)].filter(([name]) => !name.startsWith("contact_")));
  const keptAt = (form) => `jiebang-kept:${form.getAttribute("action")}`;
  const keep = (form) => {
    try {
      sessionStorage.setItem(keptAt(form), keepable(form));
    } catch {
      // A browser that keeps nothing still has the page.
    }
  };
  async function sendLater(form, button) {
    keep(form);
    try {
      await fetch(location.href, { method: "HEAD", redirect: "manual", cache: "no-store" });
      draftOf(form).failing = false;
      form.requestSubmit(button);
    } catch {
      tell(form, OFFLINE, { isWrong: true });
      retry(form);
    }
  }
  // Pressed while a save of its own is on the way, a form would arrive as of an older draft than that save leaves
  // behind, as if somebody else had changed it: the press waits for the save, before whoever else would send it.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("[data-autosave]") || !draftOf(form).sending) return;
      event.preventDefault();
      event.stopPropagation();
      draftOf(form).waiting = { button: event.submitter };
    },
    true,
  );
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-autosave]")) return;
    const draft = draftOf(form);
    if (draft.failing || !navigator.onLine) {
      event.preventDefault();
      [draft.failing, draft.pressed] = [true, true];
      sendLater(form, event.submitter);
      return;
    }
    draft.leaving = true;
  });

  function putBack(form, kept) {
    for (const [name, words] of kept) {
      const lines = form.querySelector(`[data-lines] [name="${CSS.escape(name)}"]`)?.closest("[data-lines]");
      while (lines && lines.querySelectorAll("ol > li").length < Math.min(words.length, Number(lines.dataset.most))) addLine(lines);
      const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
      fields.forEach((field, at) => {
        if (field.type === "radio" || field.type === "checkbox") field.checked = words.includes(field.value);
        else if (field.type !== "file" && field.type !== "hidden") field.value = words[at] ?? "";
      });
    }
    save(form);
  }

  function offerKept(form) {
    let kept = null;
    try {
      kept = sessionStorage.getItem(keptAt(form));
    } catch {
      return;
    }
    if (kept === null) return;
    if (kept === keepable(form)) {
      sessionStorage.removeItem(keptAt(form));
      return;
    }
    tell(form, "这个窗口里留有断网时没有保存的内容", { isWrong: true, link: { href: "#", text: "恢复" } });
    const mark = document.querySelector(`[data-autosave-mark="${form.id}"]`) ?? form.querySelector("[data-autosave-mark]");
    mark?.querySelector("a")?.addEventListener("click", (event) => {
      event.preventDefault();
      putBack(form, JSON.parse(kept));
    });
  }
  // What was handed in is sealed: words of it that a lost connection has left in this window are not to outlive it.
  function forgetKept(done) {
    try {
      sessionStorage.removeItem(`jiebang-kept:${done.dataset.keptDone}`);
    } catch {
      // A browser that keeps nothing has nothing to forget.
    }
  }
  window.addEventListener("beforeunload", (event) => {
    if (forms().some((form) => !draftOf(form).leaving && changedNames(form).length)) event.preventDefault();
  });

  // ---- live preview -------------------------------------------------------------------------------------------

  const previewTimers = new Map();

  async function preview(form) {
    const target = document.querySelector(form.dataset.previewTarget);
    if (!target) return;
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body, redirect: "manual", headers: { "X-CSRF-Token": tokenOf(form), "HX-Request": "true" } });
      if (answer.ok) target.innerHTML = await answer.text();
    } catch {
      // The preview stays as it was; saving tells of the network.
    }
  }

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.form;
      if (form?.matches("[data-preview]")) later(previewTimers, form, PREVIEW_AFTER_MS, preview);
    });
  }

  // ---- rows to fill -------------------------------------------------------------------------------------------

  const hasChanged = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  function number(lines) {
    const rows = [...lines.querySelectorAll("ol > li")];
    rows.forEach((row, at) => {
      const field = row.querySelector("input");
      field.setAttribute("aria-label", `${field.dataset.label}，第 ${at + 1} 行`);
      const remove = row.querySelector("[data-line-remove]");
      remove.hidden = false;
      remove.querySelector(".unseen").textContent = `第 ${at + 1} 行`;
    });
    lines.querySelector("[data-line-add]").hidden = rows.length >= Number(lines.dataset.most);
  }

  function prepareLines() {
    for (const lines of document.querySelectorAll("[data-lines]:not([data-ready])")) {
      lines.dataset.ready = "";
      // With a script one empty row is enough.
      const empty = [...lines.querySelectorAll("ol > li")].filter((row) => row.querySelector("input").value === "");
      for (const row of empty.slice(1)) row.remove();
      number(lines);
    }
  }

  function addLine(lines, after = null) {
    const rows = [...lines.querySelectorAll("ol > li")];
    if (rows.length >= Number(lines.dataset.most)) return;
    const row = rows[0].cloneNode(true);
    row.querySelector("input").value = "";
    (after ?? rows.at(-1)).after(row);
    number(lines);
    row.querySelector("input").focus();
  }

  document.addEventListener("click", (event) => {
    const lines = event.target.closest?.("[data-lines]");
    if (!lines) return;
    if (event.target.closest("[data-line-add]")) addLine(lines);
    const remove = event.target.closest("[data-line-remove]");
    if (!remove) return;
    const row = remove.closest("li");
    const rows = [...lines.querySelectorAll("ol > li")];
    const field = row.querySelector("input");
    const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
    if (rows.length === 1) field.value = "";
    else row.remove();
    lines.querySelector("[data-lines-told]").textContent = "已移除一行";
    number(lines);
    const left = (next ?? row).querySelector("input");
    left.focus();
    hasChanged(left);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const lines = field.closest?.("[data-lines] li")?.closest("[data-lines]");
    if (!lines || event.key !== "Enter" || field.tagName !== "INPUT" || event.isComposing) return;
    event.preventDefault();
    addLine(lines, field.closest("li"));
  });

  // ---- counters -----------------------------------------------------------------------------------------------

  function count(field) {
    const told = document.getElementById(field.dataset.counted);
    if (!told) return;
    const [length, most] = [field.value.length, field.maxLength];
    told.textContent = `已写 ${length} 字，最多 ${most} 字`;
    told.toggleAttribute("data-near", length >= most * NEAR_THE_LIMIT);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-counted]")) count(event.target);
  });

  // ---- picks in tables ----------------------------------------------------------------------------------------

  function tellPicks(form) {
    const bar = form.querySelector("[data-selection]");
    if (!bar) return;
    const picks = [...form.querySelectorAll("[data-pick]")];
    const taken = picks.filter((pick) => pick.checked).length;
    const told = bar.querySelector("[data-selection-told]");
    told.textContent = taken ? `已选 ${taken} ${told.dataset.noun}` : "先在左侧勾选，再选择要办的事";
    for (const button of bar.querySelectorAll("button")) button.disabled = taken === 0;
    const all = form.querySelector("[data-pick-all]");
    if (!all) return;
    all.hidden = false;
    all.checked = taken > 0 && taken === picks.length;
    all.indeterminate = taken > 0 && taken < picks.length;
  }

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (event.target.matches("[data-pick-all]")) {
      for (const pick of form.querySelectorAll("[data-pick]")) pick.checked = event.target.checked;
    }
    if (event.target.matches("[data-pick], [data-pick-all]")) tellPicks(form);
  });

  // ---- menus --------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  function prepare() {
    prepareLines();
    for (const field of document.querySelectorAll("[data-counted]")) count(field);
    for (const bar of document.querySelectorAll("[data-selection]")) if (bar.closest("form")) tellPicks(bar.closest("form"));
  }

  // ---- fields of one choice -----------------------------------------------------------------------------------
  // data-when="deal:profile,other": shown while the choice of that name has one of those values.

  function showFields() {
    for (const part of document.querySelectorAll("[data-when]")) {
      const [name, wanted] = part.dataset.when.split(":");
      const chosen = part.closest("form")?.querySelector(`[name="${CSS.escape(name)}"]:checked`)?.value;
      part.hidden = !chosen || !wanted.split(",").includes(chosen);
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[type=radio]")) showFields();
  });

  prepare();
  showFields();
  for (const form of forms()) offerKept(form);
  for (const done of document.querySelectorAll("[data-kept-done]")) forgetKept(done);
  document.addEventListener("htmx:afterSettle", prepare);
})();
