// Four people, twenty scans with two planted faults, a token that is pulled out, a document system that is down at first: by
// clicks and keys alone, in one of the two languages.

import { readdirSync, readFileSync, rmSync, statSync, writeFileSync, existsSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { browse, check, must, open, scanseal, serve, shot, tidy, to, until } from "./lib.mjs";

const stage = JSON.parse(process.env.SCANSEAL_STAGE);
const station = await serve(stage.workspace, ["--lang", stage.lang]);
const browser = await browse();
const began = Date.now();
const say = (text) => console.log(`${stage.lang} ${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}`);
let shots = 0;

const page = await open(browser, station);
page.setDefaultTimeout(300_000);

async function seen(name, full = false) {
  shots += 1;
  await shot(page, stage.pictures, `${String(shots).padStart(2, "0")}-${name}`, full);
  await check(page, name);
  await tidy(page, name);
}

/// What an element says, once it is there.
const text = async (selector) => (await page.waitForSelector(selector)).textContent();

/// A work of a kind that was begun here has ended, and the page has shown itself anew.
async function ended(kind) {
  await page.waitForFunction((kind) => {
    const panel = document.querySelector(`.work[data-kind="${kind}"]`);
    return panel && !panel.hidden && panel.querySelector("progress").hidden;
  }, kind, { timeout: 300_000 });
  await page.waitForTimeout(1_200);
}

async function clerkDigitizes() {
  await seen("home");
  await to(page, "digitize");
  await seen("digitize-empty");
  const files = readdirSync(stage.scans).filter((name) => name.endsWith(".jpg")).sort();
  must(files.length === 20, `${files.length} scans`);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("label[for=files]")]);
  await chooser.setFiles(files.map((name) => path.join(stage.scans, name)));
  await page.waitForSelector("#D-000003");
  await seen("digitize-live");
  await page.waitForSelector("a.button.primary[data-key=Enter]");
  await until("twenty documents", async () => (await page.$$(".document")).length === 20, 240_000);
  await page.waitForLoadState("networkidle");
  await seen("digitize-list", true);
  say("twenty scans are in");
}

/// Every document is looked at; the two faults are noticed and answered.
async function clerkConfirms() {
  await page.waitForTimeout(800);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/doc/**");
  const faults = [];
  for (let number = 201; page.url().includes("/doc/"); number += 1) {
    must(number < 240, "the list does not end");
    const here = page.url();
    await page.waitForSelector("#facts");
    const file = (await text("figure.sheet figcaption")).replace(/^.*?,/, "");
    const noticed = await page.$$(".findings .warning, .findings .hold");
    if (noticed.length && number === 201) await seen("document-finding", true);
    for (const finding of noticed) faults.push(`${file}: ${(await finding.textContent()).trim().slice(0, 80)}`);
    if (number === 202) await corrections();
    await until("the paper is read", () => page.$eval("#reading", (line) => line.hidden), 60_000);
    if (number === 203) await seen("document", true);
    await page.fill("#f-code_number", String(number));
    if (!(await page.inputValue("#f-subject"))) await page.fill("#f-subject", `Văn bản số ${number}`);
    await page.keyboard.press("Control+Enter");
    await page.waitForFunction((here) => location.href !== here || document.querySelector("#facts > .alert"), here);
    const refused = await page.$("#facts > .alert");
    must(!refused, `${here}: ${refused && await refused.textContent()}`);
    await page.waitForLoadState("domcontentloaded");
  }
  say(`${faults.length} findings told, among them the two that were planted`);
  must(faults.some((fault) => fault.includes("thư 11") && fault.includes("100 dpi")), "letter 11 has too few dots");
  must(faults.some((fault) => fault.includes("thư 03") && /mép trái|left/.test(fault)), "letter 3 is cut off");
  await seen("digitize-done");
}

/// A page is turned by a key, and the turn is undone.
async function corrections() {
  const id = new URL(page.url()).pathname.split("/").pop();
  await page.keyboard.press("r");
  await page.waitForSelector("figure.sheet img[src$='v=90']");
  await seen("document-turned");
  await page.keyboard.press("z");
  await page.waitForSelector("figure.sheet img[src$='v=0']");
  must(page.url().endsWith(id), "the same document");
}

/// Reads with one key until the list is back; sets one aside.
async function leaderReads(aside) {
  await to(page, "sign");
  await until("all are built", async () => {
    await page.reload();
    return (await page.$$("tbody tr")).length === (aside ? 20 : 1);
  }, 400_000);
  await seen("sign-unread", true);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/sign/read/**");
  const read = new Set();
  let put = false;
  while (page.url().includes("/sign/read/")) {
    const here = page.url();
    await page.waitForFunction(() => [...document.querySelectorAll("img.pdf")].slice(0, 1).every((i) => i.complete));
    if (read.size === 2 && !put && aside) {
      await seen("read");
      await page.fill("#why", stage.lang === "vi" ? "Sai ngày ban hành" : "Wrong date");
      await page.click("form[action='/sign/aside'] button");
      put = true;
    } else {
      read.add(here);
      await page.keyboard.press("Enter");
    }
    await page.waitForTimeout(250);
    must(read.size <= 20, "reading does not end");
  }
  say(`${read.size} read`);
}

async function leaderSigns(pulled) {
  await page.waitForSelector("#signing");
  await seen("sign-ready", true);
  await page.keyboard.press("Tab");
  if (pulled) {
    // A wrong PIN first: it is told and not tried again.
    await page.fill("#pin", "111111");
    await page.keyboard.press("Enter");
    await ended("sign");
    const told = await text(".work[data-kind=sign] .lines");
    must(/PIN/.test(told), `a wrong PIN is told: ${told}`);
    await seen("sign-wrong-pin");
    writeFileSync(path.join(stage.control, "delay"), "60");
    writeFileSync(path.join(stage.control, "faults"), "8 removed\n");
  }
  await page.waitForSelector("#pin");
  await page.fill("#pin", stage.pin);
  await page.keyboard.press("Enter");
  if (pulled) {
    await until("pulled out", () => existsSync(path.join(stage.control, "away")), 60_000);
    await page.waitForSelector(".work[data-kind=sign] .lines .warning");
    await seen("sign-token-away");
    rmSync(path.join(stage.control, "away"));
    await page.waitForSelector("dialog[open]");
    await seen("sign-pin-again");
    await page.fill("#pin-again", stage.pin);
    await page.keyboard.press("Enter");
  }
  await ended("sign");
  await seen("signed", true);
}

/// What was set aside comes back, is answered and signed as well.
async function backAndForth() {
  await to(page, "digitize");
  await page.waitForSelector(".document");
  await seen("set-aside", true);
  await page.waitForTimeout(600);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/doc/**");
  await page.fill(".findings .hold input[name=reason]", stage.lang === "vi" ? "Đã xem lại bản giấy, ngày đúng" : "Checked on paper, the date is right");
  await seen("set-aside-document", true);
  await page.click(".findings .hold button");
  await page.waitForFunction(() => !document.querySelector(".findings .hold"));
  await page.waitForLoadState("load");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL("**/digitize");
}

async function clerkSeals() {
  await to(page, "seal");
  await until("all wait", async () => { await page.reload(); return (await page.$$(".verdicts > li")).length === 20; }, 60_000);
  must((await page.$$(".verdicts .tag.good")).length === 20, "each signature is good");
  await seen("seal", true);
  await page.click(".verdicts a[href^='/compare/']");
  await page.waitForURL("**/compare/**");
  await page.waitForFunction(() => [...document.querySelectorAll(".beside section")].every((s) => s.querySelector("img").naturalWidth > 0));
  await seen("compare");
  await to(page, "seal");
  await page.fill("#pin", stage.password);
  await page.keyboard.press("Enter");
  await ended("seal");
  await seen("sealed", true);
}

async function deliveryWaitsAndArrives() {
  await to(page, "deliver");
  await until("it is away", async () => { await page.reload(); return page.$(".destination.away"); }, 60_000);
  await seen("deliver-away", true);
  await to(page, "deliver");
  await page.click("form[action='/deliver/pause'] button");
  await page.waitForSelector("form[action='/deliver/resume']");
  await seen("deliver-paused");
  await page.click("form[action='/deliver/resume'] button");
  await page.waitForSelector("form[action='/deliver/pause']");
  net.createServer((from) => {
    const onward = net.connect(stage.forward.to, "127.0.0.1");
    from.pipe(onward).pipe(from);
    for (const end of [from, onward]) end.on("error", () => { from.destroy(); onward.destroy(); });
  }).listen(stage.forward.from, "127.0.0.1").unref();
  say("the document system is back");
  // On a busy machine the system was away for long, and a sender then waits up to five minutes between two tries.
  await until("twenty arrive", () => readdirSync(stage.delivered).filter((name) => name.endsWith(".pdf")).length === 20, 700_000);
  await until("and are proven", async () => { await page.reload(); return (await page.$$("tbody .tag.good")).length === 20; }, 60_000);
  await seen("delivered", true);
  await page.click("tbody a >> nth=0");
  await page.waitForURL("**/doc/**");
  await page.waitForFunction(() => document.querySelector("img.pdf")?.naturalWidth > 0);
  await seen("document-delivered", true);
  await to(page, "find");
  await page.fill("#words", "205");
  await page.keyboard.press("Enter");
  await page.waitForSelector("td a");
  await seen("find");
  await page.click("header nav a[href='/']");
  await seen("home-done");
}

/// Neither PIN nor password stands in any file of the workspace or was said anywhere.
function nowhere(folder) {
  const secrets = [stage.pin, stage.password].map((secret) => new RegExp(`(?<![0-9a-fA-F])${secret}(?![0-9a-fA-F])`));
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) {
      if (name !== "blobs") nowhere(file);
    } else if (statSync(file).size < 60_000_000) {
      const bytes = readFileSync(file, "latin1");
      for (const secret of secrets) must(!secret.test(bytes), `a PIN stands in ${file}`);
    }
  }
}

try {
  await clerkDigitizes();
  await clerkConfirms();
  await leaderReads(true);
  await leaderSigns(true);
  await backAndForth();
  await leaderReads(false);
  await leaderSigns(false);
  await clerkSeals();
  await deliveryWaitsAndArrives();
  must(page.faults.length === 0, page.faults.join("\n"));
  nowhere(stage.workspace);
  must(!station.said().includes(stage.pin), "a PIN was said");
  const documents = (await scanseal(stage.workspace, ["list"])).filter((line) => line.event === "document");
  must(documents.length === 20 && documents.every((d) => d.state === "delivered" && d.signatures.length === 2), "all delivered");
  say(`twenty documents delivered, ${shots} pictures`);
} catch (error) {
  await shot(page, stage.pictures, "failed", true);
  console.log(page.url(), page.faults);
  throw error;
} finally {
  await browser.close();
  await station.end();
}
