// Live works: one stream a page, closed while nobody looks. What it tells becomes lines, bars and questions.
"use strict";

(() => {
  let source = null;
  let wasAway = false;
  let leaving = false;
  const known = new Map();

  function open() {
    if (source || document.hidden) return;
    source = new EventSource("/events");
    // What the first message tells as over was over before this page looked.
    let fresh = false;
    source.onmessage = (event) => {
      if (wasAway) {
        wasAway = false;
        scanseal.notice(scanseal.say("web-js-back"), true);
      }
      for (const work of JSON.parse(event.data).works) told(work, fresh);
      fresh = true;
    };
    source.onerror = async () => {
      close();
      wasAway = true;
      scanseal.notice(scanseal.say("web-js-away"));
      try {
        const answer = await fetch("/csrf", { cache: "no-store", headers: { "x-scanseal-quiet": "1" } });
        if (answer.status === 401) {
          scanseal.notice(scanseal.say("web-js-locked"));
          return;
        }
      } catch { /* away as told */ }
      setTimeout(open, 1500);
    };
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("beforeunload", () => { leaving = true; });

  function told(work, fresh) {
    const before = known.get(work.work);
    known.set(work.work, work);
    for (const panel of document.querySelectorAll(`.work[data-kind="${work.kind}"]`)) show(panel, work);
    document.dispatchEvent(new CustomEvent("work", { detail: { work, before, fresh } }));
  }

  function show(panel, work) {
    if (panel.dataset.work !== String(work.work)) {
      if (work.ended && !panel.closest(".history")) return;
      panel.dataset.work = String(work.work);
      panel.dataset.line = "0";
      panel.querySelector(".lines").replaceChildren();
    }
    panel.hidden = false;
    panel.querySelector(".stage").textContent = work.ended ? work.ended.text : work.stage;
    const bar = panel.querySelector("progress");
    bar.hidden = Boolean(work.ended);
    if (work.total > 0) { bar.max = work.total; bar.value = Math.min(work.done, work.total); } else bar.removeAttribute("value");
    panel.querySelector(".count").textContent = work.ended || !work.total ? "" : `${work.done} / ${work.total}`;
    const stop = panel.querySelector(".stop");
    if (stop) stop.hidden = Boolean(work.ended);
    lines(panel, work);
  }

  function lines(panel, work) {
    const list = panel.querySelector(".lines");
    const follow = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
    for (const line of work.lines) {
      if (line.number <= Number(panel.dataset.line)) continue;
      panel.dataset.line = String(line.number);
      const item = document.createElement("li");
      item.className = line.tone;
      if (/^D-\d+$/.test(line.document)) {
        const link = document.createElement("a");
        link.href = `/doc/${line.document}`;
        link.textContent = line.document;
        item.append(link, ": ");
      } else if (line.document) item.append(`${line.document}: `);
      item.append(line.text);
      if (line.advice) {
        const advice = document.createElement("span");
        advice.className = "advice";
        advice.textContent = line.advice;
        item.append(advice);
      }
      list.append(item);
      while (list.childElementCount > 300) list.firstElementChild.remove();
    }
    if (follow) list.scrollTop = list.scrollHeight;
  }

  document.addEventListener("click", (event) => {
    const stop = event.target.closest(".work .stop");
    if (!stop) return;
    const panel = stop.closest(".work");
    if (panel.dataset.work && confirm(scanseal.say("web-js-stop"))) scanseal.send(`/work/${panel.dataset.work}/stop`);
  });

  // A page that shows what a work changes shows itself anew at the end, unless somebody is typing there.
  document.addEventListener("work", ({ detail: { work, before, fresh } }) => {
    const page = document.querySelector(`[data-renew~="${work.kind}"]`);
    // A short work may begin and end between two messages.
    const over = before ? before.ended : !fresh;
    if (!page || !work.ended || over || scanseal.unsaved) return;
    // Somebody who is on the way to another page is not called back.
    setTimeout(() => { if (!leaving) location.reload(); }, 600);
  });

  // Parts that show what the store says now; what somebody is at stays as it is.
  let refreshing = false;
  async function refresh() {
    if (document.hidden || leaving || refreshing) return;
    refreshing = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store", headers: { "x-scanseal-quiet": "1" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const now = fresh.getElementById(part.id);
        const same = !now || part.contains(document.activeElement) || now.innerHTML === part.innerHTML;
        if (!same) part.replaceChildren(...now.childNodes);
      }
    } catch { /* told by the stream */ } finally { refreshing = false; }
  }
  if (document.querySelector("main [data-live]")) setInterval(refresh, 4000);

  open();
})();
