// The desk of one document: which page is looked at, what is done with it, what the paper seems to say.
"use strict";

(() => {
  const desk = document.querySelector(".desk[data-document]");
  if (!desk) return;
  const { document: id, tag } = desk.dataset;
  const sheets = [...desk.querySelectorAll("figure.sheet")];
  let at = 0;

  function look(place) {
    if (place < 0 || place >= sheets.length) return;
    at = place;
    sheets.forEach((sheet, n) => { sheet.hidden = n !== place; });
    desk.querySelectorAll("#strip .thumb").forEach((thumb, n) => {
      if (n === place) { thumb.setAttribute("aria-current", "true"); thumb.scrollIntoView({ block: "nearest", inline: "nearest" }); }
      else thumb.removeAttribute("aria-current");
    });
    sessionStorage.setItem(`page ${id}`, String(place));
  }

  const page = () => sheets[at].dataset.page;

  desk.addEventListener("click", async (event) => {
    const thumb = event.target.closest("[data-page]");
    if (thumb && (thumb.matches(".thumb") || thumb.matches("a"))) {
      event.preventDefault();
      look(sheets.findIndex((sheet) => sheet.dataset.page === thumb.dataset.page));
      return;
    }
    const use = event.target.closest("[data-use]");
    if (use) {
      const field = document.getElementById(use.dataset.for);
      field.value = use.dataset.use;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
      return;
    }
    const button = event.target.closest("[data-action]");
    if (button) act(button.dataset.action);
  });

  async function act(action) {
    if (action === "zoom") { desk.classList.toggle("zoomed"); return; }
    if (action === "replace") { replace(); return; }
    const fields = { action, page: page(), tag };
    if (action === "drop") {
      fields.reason = document.getElementById("drop-why").value.trim();
      if (!fields.reason) { scanseal.notice(scanseal.say("web-js-reason")); document.getElementById("drop-why").focus(); return; }
    }
    if (action === "merge") fields.other = document.getElementById("merge-with").value;
    if (scanseal.unsaved && !(await save())) return;
    const told = await scanseal.send(`/doc/${id}/pages`, scanseal.form(fields));
    if (action === "later") sessionStorage.setItem(`page ${id}`, String(at + 1));
    if (action === "earlier") sessionStorage.setItem(`page ${id}`, String(Math.max(0, at - 1)));
    scanseal.answered(told, desk.querySelector(".viewer"));
  }

  // What was typed is not lost by a correction of the pages: it asks to be saved first.
  async function save() {
    scanseal.notice(scanseal.say("web-js-unsaved"));
    return false;
  }

  async function replace() {
    const file = document.getElementById("replace-file").files[0];
    if (!file) { scanseal.notice(scanseal.say("web-js-empty")); return; }
    const query = new URLSearchParams({ page: page(), tag, name: file.name });
    const told = await scanseal.send(`/doc/${id}/replace?${query}`, { body: file, headers: { "content-type": "application/octet-stream" } });
    scanseal.answered(told, desk.querySelector(".viewer"));
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") {
      event.preventDefault();
      document.querySelector("button.primary[form=facts]").click();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
    if (event.key === "ArrowRight") { event.preventDefault(); look(at + 1); }
    if (event.key === "ArrowLeft") { event.preventDefault(); look(at - 1); }
  });

  for (const image of desk.querySelectorAll("figure.sheet img")) {
    image.addEventListener("error", () => { image.closest("figure").classList.add("broken"); image.alt = scanseal.say("web-js-page-failed"); });
  }

  look(Math.min(Number(sessionStorage.getItem(`page ${id}`) || 0), sheets.length - 1));

  // The paper is read once, while the person looks at it.
  const facts = document.getElementById("facts");
  facts.addEventListener("input", (event) => event.target.classList.remove("guess"));
  if (facts.dataset.look) {
    const reading = document.getElementById("reading");
    reading.hidden = false;
    scanseal.send(`/doc/${id}/look`).then((told) => {
      reading.hidden = true;
      for (const { field, value, sure, html } of told.proposals || []) {
        const place = facts.querySelector(`.from[data-field="${CSS.escape(field)}"]`);
        if (!place) continue;
        place.insertAdjacentHTML("beforeend", html);
        const input = document.getElementById(`f-${field}`);
        if (sure && !input.value && input !== document.activeElement && input.closest(".pairs")) {
          input.value = value;
          input.classList.add("guess");
        }
      }
    });
  }
})();
