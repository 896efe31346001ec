// Files dropped or chosen go up one after the other, their pages appear at once, then the intake begins; documents join the
// list as they are recorded.
"use strict";

(() => {
  const form = document.getElementById("intake");
  const list = document.getElementById("documents");
  const MOST = 1 << 30;
  let busy = false;

  if (form) {
    const drop = document.getElementById("drop");
    const input = document.getElementById("files");
    for (const name of ["dragenter", "dragover"]) {
      drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
    }
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      take([...event.dataTransfer.files]);
    });
    input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
    form.addEventListener("submit", (event) => event.preventDefault());
    // A file that misses the field must not replace the page.
    for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
  }

  async function take(files) {
    if (busy) return;
    if (!files.length) { scanseal.notice(scanseal.say("web-js-empty")); return; }
    busy = true;
    scanseal.notice("");
    try { await all(files); } finally { busy = false; scanseal.unsaved = false; }
  }

  async function all(files) {
    const area = document.getElementById("uploads");
    const bar = document.getElementById("upload-bar");
    document.getElementById("upload-pages").replaceChildren();
    area.hidden = false;
    scanseal.unsaved = true;
    const begun = await scanseal.send("/digitize/batch");
    if (!scanseal.answered(begun, form)) return;
    const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
    let sent = 0;
    let good = 0;
    for (const [place, file] of files.entries()) {
      document.getElementById("upload-text").textContent = `${scanseal.say("web-js-upload")} ${file.name}`;
      document.getElementById("upload-count").textContent = `${place + 1} / ${files.length}`;
      if (file.size > MOST) {
        scanseal.refuse({ message: `${scanseal.say("web-js-too-large")} ${file.name}`, advice: "" }, form);
      } else {
        const told = await upload(begun.batch, file, (part) => { bar.value = (sent + part) / total * 100; });
        if (told.error) scanseal.refuse(told.error, form);
        else { good += 1; await show(begun.batch, told.name); }
      }
      sent += file.size;
      bar.value = sent / total * 100;
    }
    document.getElementById("upload-text").textContent = scanseal.say("web-js-uploaded");
    if (!good) {
      await scanseal.send("/digitize/discard", scanseal.form({ batch: begun.batch }));
      return;
    }
    const fields = new FormData(form);
    fields.set("batch", begun.batch);
    scanseal.answered(await scanseal.send("/digitize/begin", scanseal.form(fields)), form);
  }

  // XMLHttpRequest tells how far an upload is; fetch does not.
  function upload(batch, file, progress) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", `/digitize/upload/${batch}?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader("x-csrf", scanseal.token);
      request.setRequestHeader("content-type", "application/octet-stream");
      request.upload.onprogress = (event) => progress(event.loaded);
      request.onload = () => {
        if (request.status === 401) { resolve({ error: { message: scanseal.say("web-js-locked"), advice: "" } }); return; }
        try { resolve(JSON.parse(request.responseText)); } catch { resolve({ error: { message: scanseal.say("web-js-failed"), advice: "" } }); }
      };
      request.onerror = () => resolve({ error: { message: scanseal.say("web-js-away"), advice: "" } });
      request.send(file);
    });
  }

  // The first page of a file, while the rest still goes up.
  async function show(batch, name) {
    const strip = document.getElementById("upload-pages");
    if (strip.childElementCount >= 60 || /\.csv$/i.test(name)) return;
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.alt = name;
    image.width = 84;
    image.height = 119;
    image.onerror = () => item.remove();
    image.src = `/inbox/${batch}/${encodeURIComponent(name)}/1`;
    item.append(image);
    strip.append(item);
  }

  // A document that was just recorded joins the list.
  const shown = new Set();
  let queue = Promise.resolve();
  document.addEventListener("work", ({ detail: { work } }) => {
    if (!list || !["intake", "watch"].includes(work.kind)) return;
    for (const line of work.lines) {
      if (line.tone !== "good" || !/^D-\d+$/.test(line.document) || shown.has(line.document)) continue;
      shown.add(line.document);
      if (work.ended || list.childElementCount >= 24) continue;
      queue = queue.then(() => join(line.document)).catch(() => {});
    }
  });

  async function join(id) {
    if (document.getElementById(id)) return;
    const answer = await fetch(`/digitize/card/${id}`, { cache: "no-store", headers: { "x-scanseal-quiet": "1" } });
    if (!answer.ok) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    list.append(holder.content);
    const none = document.getElementById("check-none");
    if (none) none.hidden = true;
  }
})();
