// A sheet while it is being filled in: how many points so far, and where a comment is due. The server says the same
// whenever it is asked; here it is said at once, also without a network.
"use strict";

(() => {
  const WIDE = "０１２３４５６７８９．。";
  const PLAIN = "0123456789..";
  const CENT = 100;
  const form = document.querySelector("form[data-marks]");
  if (!form) return;
  const told = form.querySelector("[data-marks-told]");
  const fields = [...form.querySelectorAll("[data-mark]")];

  // Points as the server reads them: at most three digits and two places; null where it is no such number.
  function points(field) {
    const typed = field.value.trim().replace(/[０-９．。]/g, (sign) => PLAIN[WIDE.indexOf(sign)]);
    return /^\d{1,3}(\.\d{1,2})?$/.test(typed) && Number(typed) <= Number(field.dataset.most) ? Number(typed) : null;
  }

  function mark(field) {
    const comment = document.getElementById(field.dataset.comment);
    const found = points(field);
    const isDue = found !== null && (found < Number(field.dataset.low) || found > Number(field.dataset.high));
    comment.toggleAttribute("data-due", isDue && comment.value.trim() === "");
    comment.setAttribute("aria-required", String(isDue));
  }

  function say() {
    const found = fields.map(points);
    const known = found.filter((one) => one !== null);
    const sum = known.reduce((total, one) => total + Math.round(one * CENT), 0) / CENT;
    const most = fields.reduce((total, field) => total + Number(field.dataset.most), 0);
    const total = document.createElement("strong");
    total.textContent = String(sum);
    told.replaceChildren(known.length < found.length ? `已打 ${known.length} / ${found.length} 项，合计 ` : "合计 ", total, ` 分，满分 ${most} 分`);
    fields.forEach(mark);
  }

  form.addEventListener("input", say);
  say();
})();
