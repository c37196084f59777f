// The time left until a deadline. The server said how many seconds were left when it wrote the page; from there on the
// page counts its own ticks, so that a wrong clock of the reader's device changes nothing.
"use strict";

(() => {
  const began = performance.now();

  function said(left) {
    const days = Math.floor(left / 86400);
    const hours = Math.floor((left % 86400) / 3600);
    const minutes = Math.floor((left % 3600) / 60);
    if (left <= 0) return "已到截止时间，请刷新页面";
    if (days) return `还有 ${days} 天 ${hours} 小时`;
    if (hours) return `还有 ${hours} 小时 ${minutes} 分`;
    return `还有 ${minutes} 分 ${left % 60} 秒`;
  }

  function count() {
    const passed = Math.floor((performance.now() - began) / 1000);
    for (const place of document.querySelectorAll("[data-seconds-left]")) {
      const text = said(Math.max(0, Number(place.dataset.secondsLeft) - passed));
      if (place.textContent !== text) place.textContent = text;
    }
  }

  if (document.querySelector("[data-seconds-left]")) setInterval(count, 1000);
})();
