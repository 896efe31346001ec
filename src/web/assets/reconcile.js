// The table of the document system goes up as it is chosen; one box marks all lines on view.
"use strict";

(() => {
  const form = document.getElementById("system-form");
  const file = document.getElementById("system");
  if (file) {
    form.addEventListener("submit", (event) => event.preventDefault());
    file.addEventListener("change", async () => {
      if (!file.files.length) return;
      scanseal.notice(`${scanseal.say("web-js-upload")} ${file.files[0].name}`, true);
      const told = await scanseal.send(form.getAttribute("action"), { body: file.files[0], headers: { "content-type": "text/csv" } });
      file.value = "";
      scanseal.notice("");
      scanseal.answered(told, form);
    });
  }
  const all = document.getElementById("pick-all");
  const boxes = [...document.querySelectorAll("input[name=line]")];
  if (!all) return;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  for (const box of boxes) box.addEventListener("change", () => { all.checked = boxes.every((one) => one.checked); });
})();
