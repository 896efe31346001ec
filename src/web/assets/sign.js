// Reading to the last page before "seen" counts; one PIN for a batch, which goes straight to the key and out of the page.
"use strict";

(() => {
  // --- reading -------------------------------------------------------------------------------------------------
  const seen = document.getElementById("seen");
  for (const image of document.querySelectorAll("img.pdf")) {
    image.addEventListener("error", () => {
      const note = document.createElement("p");
      note.className = "alert";
      note.textContent = scanseal.say("web-js-page-failed");
      image.replaceWith(note);
      document.body.dataset.broken = "1";
    });
  }
  if (seen) {
    const end = document.getElementById("end-of-pages");
    const hint = document.getElementById("seen-hint");
    let atEnd = false;
    let opened = false;
    const whole = () => [...document.querySelectorAll("img.pdf")].every((image) => image.complete && image.naturalWidth > 0);
    const ready = () => atEnd && (document.body.dataset.broken ? opened : whole());
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) { atEnd = true; hint.hidden = true; }
    }, { rootMargin: "0px 0px 40px 0px" }).observe(end);
    document.getElementById("open-file").addEventListener("click", () => { opened = true; });
    // The one key reads on, and at the end goes on to the next document.
    seen.addEventListener("submit", (event) => {
      if (ready()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      hint.hidden = false;
      window.scrollBy({ top: window.innerHeight * 0.75 });
    }, true);
  }

  // --- signing -------------------------------------------------------------------------------------------------
  const form = document.getElementById("signing");
  if (!form) return;
  const pin = document.getElementById("pin");
  const field = document.getElementById("pin-field");
  const dialog = document.getElementById("question");
  let mine = null;
  let typed = null;

  const chosen = () => form.querySelector("input[name=key]:checked");
  function asks() {
    const key = chosen();
    field.hidden = !key || !key.dataset.asks;
  }
  form.addEventListener("change", asks);
  asks();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (mine) return;
    const key = chosen();
    if (!key) return;
    if (key.dataset.asks && !pin.value) { scanseal.notice(scanseal.say("web-js-pin")); pin.focus(); return; }
    scanseal.notice("");
    typed = new TextEncoder().encode(pin.value);
    pin.value = "";
    const told = await scanseal.send(form.getAttribute("action"), scanseal.form({ key: key.value }));
    if (!scanseal.answered(told, form)) { forget(); return; }
    mine = told.work;
    form.classList.add("busy");
    form.querySelector("button[type=submit]").disabled = true;
    answer(last);
  });

  function forget() {
    if (typed) typed.fill(0);
    typed = null;
  }

  // What the stream told last, since a question may come before the answer to the form.
  let last = null;
  document.addEventListener("work", ({ detail: { work } }) => {
    if (mine === null ? work.question : work.work === mine) { last = work; answer(work); }
  });

  async function answer(work) {
    if (!work || work.work !== mine) return;
    if (work.ended) { forget(); if (dialog.open) dialog.close("gone"); mine = null; return; }
    if (!work.question) { if (dialog.open) dialog.close("gone"); return; }
    if (work.question.kind === "first" && typed) {
      const body = typed;
      typed = null;
      await scanseal.send(`/work/${mine}/pin`, { body, headers: { "content-type": "application/octet-stream" } });
      body.fill(0);
      return;
    }
    if (dialog.open) return;
    document.getElementById("question-text").textContent = work.question.text;
    document.getElementById("pin-again").value = "";
    dialog.returnValue = "";
    dialog.showModal();
  }

  dialog.addEventListener("close", async () => {
    const again = document.getElementById("pin-again");
    const bytes = new TextEncoder().encode(again.value);
    again.value = "";
    if (!mine || dialog.returnValue === "gone") return;
    if (dialog.returnValue === "give" && bytes.length) {
      await scanseal.send(`/work/${mine}/pin`, { body: bytes, headers: { "content-type": "application/octet-stream" } });
    } else await scanseal.send(`/work/${mine}/stop`);
    bytes.fill(0);
  });
})();
