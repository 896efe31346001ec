// What goes wrong at a desk, and what strangers try: each line is a case that was seen to hold.

import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { browse, enter, must, open, scanseal, serve, shot, to, until } from "./lib.mjs";

const stage = JSON.parse(process.env.SCANSEAL_STAGE);
let station = await serve(stage.workspace, ["--lang", "en"]);
const browser = await browse();
const folder = mkdtempSync(path.join(os.tmpdir(), "scanseal-wrong-"));
const page = await open(browser, station);
page.setDefaultTimeout(120_000);
const good = (what) => console.log(`wrong: ${what}`);

async function choose(files) {
  await to(page, "digitize");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("label[for=files]")]);
  await chooser.setFiles(files);
}

const lines = (kind) => page.textContent(`.work[data-kind=${kind}] .lines`);

/// 200 MB that are no scan: refused in words, and the page stays alive.
async function largeDrop() {
  const large = path.join(folder, "large.jpg");
  const file = openSync(large, "w");
  writeSync(file, Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
  ftruncateSync(file, 200_000_000);
  closeSync(file);
  const begun = Date.now();
  await choose([large]);
  await page.waitForFunction(() => document.querySelector(".work[data-kind=intake] .lines .error"));
  good(`200 MB that are no scan are refused after ${((Date.now() - begun) / 1000).toFixed(1)} s: ${(await lines("intake")).slice(0, 90)}`);
  await until("no copy stays", () => readdirSync(path.join(stage.workspace, "serve/inbox")).length === 0, 20_000);
  await page.waitForTimeout(2_000);
  must((await lines("intake")).length > 20, "and the page still says so after it has shown itself anew");
}

/// A name that is HTML, a PDF that is cut off, a good scan: the good one goes on.
async function hostileFiles() {
  const cut = path.join(folder, "cut.pdf");
  writeFileSync(cut, "%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n");
  const named = path.join(folder, "<img src=x onerror=document.title='owned'>.jpg");
  const scans = readdirSync(stage.scans).filter((name) => name.endsWith(".jpg")).sort();
  writeFileSync(named, readFileSync(path.join(stage.scans, scans[0])));
  await choose([cut, named, path.join(stage.scans, scans[1])]);
  await page.waitForSelector("a.button.primary[data-key=Enter]");
  await until("two documents", async () => (await page.$$(".document")).length === 2, 60_000);
  must(!(await page.title()).includes("owned") && !(await page.$("main img[src=x]")), "the name stays text");
  good("a name that is HTML stays text; a PDF that is cut off is refused and the others go on");
}

/// Two tabs: the second one does not undo the first by accident, and what was typed stays.
async function secondTab() {
  await page.goto(`${station.address}doc/D-000001`);
  const other = await page.context().newPage();
  await other.goto(`${station.address}doc/D-000001`);
  await other.keyboard.press("r");
  await other.waitForSelector("figure.sheet img[src$='v=90']");
  await page.fill("#f-subject", "Typed while another tab was at work");
  await page.keyboard.press("Control+Enter");
  const told = await (await page.waitForSelector("#facts > .alert")).textContent();
  must(/changed elsewhere/.test(told), told);
  must((await page.inputValue("#f-subject")).startsWith("Typed while"), "what was typed stays");
  await other.close();
  await page.evaluate(() => { scanseal.unsaved = false; });
  good("a second tab: told, nothing is lost");
}

/// The page locks while somebody types: told, let in again, pressed again.
async function lockedWhileTyping() {
  await page.goto(`${station.address}doc/D-000001`);
  await page.fill("#f-subject", "Typed before the page was locked");
  const other = await page.context().newPage();
  await other.goto(station.address);
  await other.click("form[action='/lock'] button");
  await other.waitForSelector("body.alone");
  await page.click("button[name=next][value='']");
  const told = await (await page.waitForSelector("#facts > .alert")).textContent();
  must(/locked/.test(told), told);
  await enter(other, station);
  await other.close();
  await Promise.all([page.waitForEvent("load"), page.click("button[name=next][value='']")]);
  must((await page.inputValue("#f-subject")) === "Typed before the page was locked", "saved at the second press");
  good("locked while typing: told, let in again, saved at the second press");
}

/// The program dies in the middle of a build and comes back: the page says so, and nothing is lost.
async function killed() {
  for (const id of ["D-000001", "D-000002"]) {
    await page.goto(`${station.address}doc/${id}`);
    if (!(await page.inputValue("#f-subject"))) await page.fill("#f-subject", id);
    await page.keyboard.press("Control+Enter");
    await page.waitForURL((url) => !url.pathname.endsWith(id));
  }
  await to(page, "digitize");
  const port = new URL(station.address).port;
  await station.end("SIGKILL");
  await page.waitForFunction(() => /does not answer/.test(document.getElementById("notice").textContent));
  await shot(page, stage.pictures, "away");
  station = await serve(stage.workspace, ["--lang", "en", "--port", port]);
  await page.waitForFunction(() => /Connected again/.test(document.getElementById("notice").textContent));
  await page.reload();
  must(await page.$("main"), "the page is let in as before");
  const left = await page.$$(".document");
  for (const document of left) must(/D-00000[12]/.test(await document.getAttribute("id")), "nothing else");
  if (left.length) await page.click("form[action='/digitize/confirm'] button").catch(() => {});
  await scanseal(stage.workspace, ["build"]).catch(() => {});
  const documents = (await scanseal(stage.workspace, ["list"])).filter((line) => line.event === "document");
  must(documents.length === 2 && documents.every((d) => d.state === "built"), JSON.stringify(documents.map((d) => d.state)));
  good("killed in the middle: told, connected again, nothing lost");
}

/// Back and forward while it is signed: no second batch, no stale page.
async function backWhileSigning() {
  await scanseal(stage.workspace, ["show", "D-000001", "--seen"]);
  await scanseal(stage.workspace, ["show", "D-000002", "--seen"]);
  await to(page, "sign");
  await page.click("#signing button[type=submit]");
  await page.goBack();
  await page.goForward();
  await until("signed", async () => {
    const documents = (await scanseal(stage.workspace, ["list"])).filter((line) => line.event === "document");
    return documents.every((d) => d.state === "signed" && d.signatures.length === 1);
  }, 60_000);
  await page.reload();
  must(!(await page.$("#signing")), "nothing is left to sign");
  good("back and forward in the middle of signing: each document signed once");
}

/// Another name that leads here, a page of somebody else with a form and a frame.
async function strangers() {
  const port = new URL(station.address).port;
  const rebound = await browse({ args: ["--host-resolver-rules=MAP evil.example 127.0.0.1"] });
  const there = await rebound.newPage();
  const answer = await there.goto(`http://evil.example:${port}/`);
  must(answer.status() === 403 && !(await there.content()).includes("Mường Lam"), "rebinding");
  await rebound.close();
  good("another name for this machine gets 403");
  const evil = http.createServer((request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<iframe src="${station.address}"></iframe><form method="post" action="${station.address}outage"><input name="reference" value="EVIL-1"></form>
      <script>fetch("${station.address}outage", {method: "POST", mode: "no-cors", credentials: "include", body: "reference=EVIL-2"}).finally(() => { document.title = "done"; });</script>`);
  }).listen(0, "127.0.0.1");
  await new Promise((ready) => evil.once("listening", ready));
  const visit = await page.context().newPage();
  await visit.goto(`http://127.0.0.1:${evil.address().port}/`);
  await visit.waitForFunction(() => document.title === "done");
  const frame = visit.frames()[1];
  must(!(await frame.content()).includes("Mường Lam"), "framed");
  await Promise.all([visit.waitForNavigation(), visit.evaluate(() => document.forms[0].submit())]);
  must(!(await visit.content()).includes("Mường Lam"), "a form from elsewhere");
  await visit.close();
  evil.close();
  const [told] = (await scanseal(stage.workspace, ["outage", "list"])).filter((line) => line.event === "summary");
  must(told.outages.length === 1, "nobody else opens an outage");
  good("framing, a form and a request from another page come to nothing");
}

/// Another user of this machine can neither read the start file nor get in without it.
function anotherUser() {
  if (process.getuid() !== 0) return;
  for (const name of ["serve/start.html", "serve/sessions", "scanseal.toml"]) {
    let read = true;
    try { execFileSync("runuser", ["-u", "nobody", "--", "cat", path.join(stage.workspace, name)], { stdio: "pipe" }); } catch { read = false; }
    must(!read, `nobody can read ${name}`);
  }
  good("another user of the machine can read neither the start file nor the sessions");
}

try {
  await largeDrop();
  await hostileFiles();
  await secondTab();
  await lockedWhileTyping();
  await killed();
  await backWhileSigning();
  await strangers();
  anotherUser();
  must(page.faults.filter((fault) => fault.startsWith("script")).length === 0, page.faults.join("\n"));
} catch (error) {
  await shot(page, stage.pictures, "failed", true);
  console.log(page.url(), page.faults);
  throw error;
} finally {
  await browser.close();
  await station.end().catch(() => {});
}
