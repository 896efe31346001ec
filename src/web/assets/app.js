// What every page does: forms go by fetch with the token of the page, so that nothing typed is ever lost; keys press buttons;
// a server that is away or has locked the page is told in words.
"use strict";

const scanseal = {
  token: document.querySelector("meta[name=csrf]").content,

  // A sentence of the page.
  say(id) {
    const found = document.getElementById("strings").content.querySelector(`[data-id="${id}"]`);
    return found ? found.textContent : id;
  },

  notice(text, good) {
    const box = document.getElementById("notice");
    box.textContent = text;
    box.classList.toggle("good", Boolean(good));
    box.hidden = !text;
  },

  // Sends a change; a page that was let in anew has another token, which is fetched once.
  async send(to, options = {}, again = true) {
    let answer;
    try {
      answer = await fetch(to, {
        method: "POST", credentials: "same-origin", cache: "no-store",
        ...options, headers: { ...(options.headers || {}), "x-csrf": scanseal.token },
      });
    } catch {
      return { error: { message: scanseal.say("web-js-away"), advice: "" } };
    }
    if (answer.status === 401) {
      return { error: { message: scanseal.say("web-js-locked"), advice: "" } };
    }
    let told;
    try {
      told = await answer.json();
    } catch {
      return { error: { message: scanseal.say("web-js-failed"), advice: "" } };
    }
    if (again && told.error && told.error.code === "web_token" && await scanseal.renew()) {
      return scanseal.send(to, options, false);
    }
    return told;
  },

  async renew() {
    const answer = await fetch("/csrf", { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok) return false;
    scanseal.token = (await answer.json()).token;
    return true;
  },

  form(fields) {
    return { body: new URLSearchParams(fields), headers: { "content-type": "application/x-www-form-urlencoded" } };
  },

  // Shows a refusal beside what was pressed, or does what the answer says.
  answered(told, near) {
    const old = near && near.querySelector(":scope > .alert");
    if (old) old.remove();
    if (told.error) {
      scanseal.refuse(told.error, near);
      return false;
    }
    scanseal.unsaved = false;
    if (told.go) location.assign(told.go);
    if (told.again) location.reload();
    return true;
  },

  refuse(error, near) {
    if (!near) {
      scanseal.notice(`${error.message} ${error.advice}`);
      return;
    }
    const box = document.createElement("div");
    box.className = "alert";
    box.setAttribute("role", "alert");
    for (const text of [error.message, error.advice]) {
      if (!text) continue;
      const line = document.createElement("p");
      line.textContent = text;
      box.append(line);
    }
    near.prepend(box);
    box.scrollIntoView({ block: "nearest" });
  },

  unsaved: false,
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.send) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const fields = new FormData(form);
  if (event.submitter && event.submitter.name) fields.set(event.submitter.name, event.submitter.value);
  const told = await scanseal.send(form.getAttribute("action"), scanseal.form(fields));
  delete form.dataset.busy;
  scanseal.answered(told, form);
});

// Typed and not sent: leaving asks first.
document.addEventListener("input", (event) => {
  if (event.target.form && event.target.form.dataset.keep) scanseal.unsaved = true;
});
window.addEventListener("beforeunload", (event) => {
  if (scanseal.unsaved) event.preventDefault();
});

// Keys press what names them, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  const at = document.activeElement;
  const typing = at && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
  if (event.key === "Escape" && typing) { at.blur(); return; }
  if (typing || document.querySelector("dialog[open]")) return;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const target = document.querySelector(`[data-key="${CSS.escape(pressed)}"]:not([disabled])`);
  if (!target || target.offsetParent === null) return;
  if ((pressed === "Enter" || pressed === " ") && at && /^(BUTTON|A|SUMMARY)$/.test(at.tagName) && at !== target) return;
  event.preventDefault();
  target.click();
});

// The back button must not show what is over.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
