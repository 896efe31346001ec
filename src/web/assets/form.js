// A click on the page puts the middle of the form there: the fields take the millimetres, and the page is shown anew.
"use strict";

(() => {
  const page = document.getElementById("form-page");
  const choose = document.getElementById("choose");
  for (const image of document.querySelectorAll("img.form-picture")) {
    image.addEventListener("error", () => { image.alt = scanseal.say("web-js-page-failed"); });
  }
  if (!page || !choose) return;
  page.classList.add("choosable");
  page.addEventListener("click", (event) => {
    const area = page.getBoundingClientRect();
    const value = (name) => Number(page.dataset[name]);
    const place = (share, side, form) => Math.min(Math.max(0, share * side - form / 2), Math.max(0, side - form)).toFixed(1);
    choose.elements.left.value = place((event.clientX - area.left) / area.width, value("width"), value("formWidth"));
    choose.elements.top.value = place((event.clientY - area.top) / area.height, value("height"), value("formHeight"));
    choose.elements.page.value = page.dataset.page;
    choose.querySelector("input[value=at]").checked = true;
    choose.requestSubmit();
  });
  // What is typed names the way by itself.
  const ways = { line: "above", page: "at", left: "at", top: "at" };
  choose.addEventListener("input", (event) => {
    const way = ways[event.target.name];
    if (way) choose.querySelector(`input[value=${way}]`).checked = true;
  });
})();
