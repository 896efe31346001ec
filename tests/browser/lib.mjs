// A station and a browser in front of it, as a person has them: the page is entered through the start file, everything is done
// by clicks and keys.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const require = createRequire(path.join(root, "tests/.work/browser/"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const program = process.env.SCANSEAL ?? path.join(root, "target/release/scanseal");

/// Runs the program and gives its JSON lines; fails unless it ends so.
export function scanseal(folder, args, code = 0, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, "--json"], { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.on("data", (piece) => { out += piece; });
    child.stderr.on("data", (piece) => { err += piece; });
    child.on("close", (ended) => {
      if (ended !== code) reject(new Error(`scanseal ${args.join(" ")}: ${ended}\n${out}${err}`));
      else resolve(out.split("\n").filter(Boolean).map((line) => JSON.parse(line)));
    });
  });
}

/// Starts `serve` and waits until it listens.
export function serve(folder, args = [], env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["serve", "--json", ...(args.includes("--port") ? [] : ["--port", "0"]), ...args], { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stderr.on("data", (piece) => { err += piece; });
    child.on("close", (code) => reject(new Error(`serve ended: ${code} ${out} ${err}`)));
    child.stdout.on("data", (piece) => {
      out += piece;
      if (!out.includes("\n")) return;
      const told = JSON.parse(out.split("\n")[0]);
      child.removeAllListeners("close");
      child.stdout.removeAllListeners("data");
      child.stdout.resume();
      resolve({
        ...told, child, said: () => err,
        end: (signal = "SIGTERM") => new Promise((done) => { child.on("close", done); child.kill(signal); }),
      });
    });
  });
}

export async function browse(options = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", ...(options.args ?? [])],
  });
}

/// A page of 1366x768 that fails the test when anything goes wrong in it or a request leaves this machine.
export async function open(browser, station, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4\d\d|503)|net::ERR_(CONNECTION|EMPTY|INCOMPLETE|ABORTED)/.test(message.text())) page.faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    const ours = url.protocol === "file:" || url.protocol === "data:" || url.host === new URL(station.address).host;
    if (!ours) page.faults.push(`left the machine: ${request.url()}`);
  });
  await enter(page, station);
  return page;
}

/// Through the start file.
export async function enter(page, station) {
  await page.goto(station.open);
  await page.waitForURL(station.address);
  await page.waitForSelector("main");
}

/// Violations of WCAG that axe finds on the page.
export async function check(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await axe.run(document, { runOnly: { type: "tag", values: tags } });
    return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
  });
  if (found.length) throw new Error(`axe on ${name}:\n${found.join("\n")}`);
}

/// Text that is cut off, elements that stick out of the window, and identifiers where sentences belong.
export async function tidy(page, name) {
  const found = await page.evaluate(() => {
    const faults = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) faults.push(`scrolls sideways: ${document.documentElement.scrollWidth} > ${width}`);
    for (const element of document.querySelectorAll("button, .button, h1, h2, h3, label, nav a, .tag, .card p")) {
      if (element.offsetParent === null || element.classList.contains("visually-hidden")) continue;
      if (element.scrollWidth > element.clientWidth + 2 && getComputedStyle(element).display !== "inline") faults.push(`cut: ${element.textContent.slice(0, 60)}`);
    }
    // What is folded away counts as well.
    const text = `${document.body.innerText} ${document.querySelector("main").textContent}`;
    for (const id of text.match(/\b(web|cli|report|finding|err|clerk)-[a-z]+(-[a-z]+)*\b/g) ?? []) faults.push(`no sentence: ${id}`);
    if (/\{\s*\$/.test(text)) faults.push("a placeholder without its value");
    return faults;
  });
  if (found.length) throw new Error(`${name}:\n${found.join("\n")}`);
}

/// Things that lie over one another, each a part of the page that is read or pressed by itself.
export async function apart(page, name) {
  const found = await page.evaluate(() => {
    const wanted = "h1, h2, h3, p, button, .button, input, select, textarea, td, th, legend, summary, dt, dd, .tile, .board li, figcaption, img";
    // What floats on purpose: the bar that stays in reach, marks on a page, fields behind the button that stands for them.
    const floats = ".bar, .marks, .notice, .visually-hidden, .behind, .drop input, dialog, .thumb, .skip";
    const all = [...document.querySelectorAll(wanted)].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 1 && box.height > 1 && !element.closest(floats) && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    }).slice(0, 700);
    const boxes = all.map((element) => element.getBoundingClientRect());
    const faults = [];
    for (let a = 0; a < all.length; a += 1) {
      for (let b = a + 1; b < all.length; b += 1) {
        const wide = Math.min(boxes[a].right, boxes[b].right) - Math.max(boxes[a].left, boxes[b].left);
        const high = Math.min(boxes[a].bottom, boxes[b].bottom) - Math.max(boxes[a].top, boxes[b].top);
        if (wide > 3 && high > 3 && !all[a].contains(all[b]) && !all[b].contains(all[a])) {
          faults.push(`over one another: ${all[a].outerHTML.slice(0, 80)} | ${all[b].outerHTML.slice(0, 80)}`);
        }
      }
    }
    return faults.slice(0, 5);
  });
  if (found.length) throw new Error(`${name}:\n${found.join("\n")}`);
}

const DESK = { width: 1366, height: 768 };

/// The page at 200 %: a window of 1366x768 has half as many pixels of CSS then. Nothing is cut, nothing overlaps, nothing
/// scrolls sideways, and the work begins in the window.
export async function zoomed(page, folder, name) {
  await page.setViewportSize({ width: DESK.width / 2, height: DESK.height / 2 });
  await page.evaluate(() => scrollTo(0, 0));
  await shot(page, folder, `${name}-200`);
  await shot(page, folder, `${name}-200-all`, true);
  await tidy(page, `${name} at 200 %`);
  await apart(page, `${name} at 200 %`);
  const top = await page.evaluate(() => document.querySelector("main h1")?.getBoundingClientRect().bottom ?? 0);
  must(top < DESK.height / 2, `${name} at 200 %: the heading ends at ${top} pixels, below the window`);
  await page.setViewportSize(DESK);
}

/// The page as it is printed on A4 with margins of 10 mm: nothing is cut, nothing overlaps, no picture is higher than a sheet,
/// and nothing that is pressed is printed.
export async function printed(page, folder, name) {
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 718, height: 1046 });
  await tidy(page, `${name} printed`);
  await apart(page, `${name} printed`);
  const faults = await page.evaluate(() => {
    const seen = (element) => element.checkVisibility({ visibilityProperty: true });
    const pressed = [...document.querySelectorAll("button, .button, nav, footer")].filter(seen).map((e) => `printed: ${e.outerHTML.slice(0, 80)}`);
    const high = [...document.querySelectorAll("img")].filter((e) => seen(e) && e.getBoundingClientRect().height > 1046).map((e) => `higher than a sheet: ${e.src || e.srcset}`);
    return [...pressed, ...high];
  });
  must(!faults.length, `${name} printed:\n${faults.join("\n")}`);
  mkdirSync(folder, { recursive: true });
  const pdf = await page.pdf({ format: "A4", margin: { top: "10mm", bottom: "10mm", left: "10mm", right: "10mm" } });
  writeFileSync(path.join(folder, `${name}.pdf`), pdf);
  await page.emulateMedia({ media: null });
  await page.setViewportSize(DESK);
}

export async function shot(page, folder, name, full = false) {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: full });
}

export function must(truth, what) {
  if (!truth) throw new Error(what);
}

/// By the navigation at the top to one of the pages.
export async function to(page, name) {
  await Promise.all([page.waitForURL(`**/${name}`), page.click(`header nav a[href="/${name}"]`)]);
  await page.waitForLoadState("domcontentloaded");
}

/// Waits until something is true.
export async function until(what, truth, milliseconds = 90_000) {
  const end = Date.now() + milliseconds;
  while (!(await truth())) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((again) => setTimeout(again, 300));
  }
}

/// Whether another page of the station holds a text, without leaving this one.
export function holds(page, address, text) {
  return page.evaluate(async ([address, text]) => {
    const answer = await fetch(address, { headers: { "x-scanseal-quiet": "1" } });
    return (await answer.text()).includes(text);
  }, [address, text]);
}
