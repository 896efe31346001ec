// Every page of the station in both languages at 1366x768, at 200 % and as it is printed; how a signature will show, chosen
// and then signed; the board of numbers, from the export of the system to the last reason, by keys alone.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { apart, browse, check, enter, must, open, printed, root, scanseal, serve, shot, tidy, to, until, zoomed } from "./lib.mjs";

const stage = JSON.parse(process.env.SCANSEAL_STAGE);
const station = await serve(stage.workspace, ["--lang", "vi"]);
const browser = await browse();
const page = await open(browser, station);
page.setDefaultTimeout(120_000);
const good = (what) => console.log(`pages: ${what}`);
const python = process.env.SCANSEAL_TEST_PYTHON ?? "python3";

const text = (selector) => page.textContent(selector);

/// One page in every form in which people have it.
async function everywhere(lang, name, address) {
  await page.goto(`${station.address}${address}`);
  await page.waitForLoadState("networkidle", { timeout: 15_000 }).catch(() => {});
  const folder = path.join(stage.pictures, lang);
  await shot(page, folder, name);
  await shot(page, folder, `${name}-all`, true);
  await check(page, name);
  await tidy(page, name);
  await apart(page, name);
  await zoomed(page, folder, name);
  await printed(page, folder, name);
}

async function everyPage(lang, more) {
  must((await page.getAttribute("html", "lang")) === lang, `the page speaks ${lang}`);
  const pages = {
    home: "", digitize: "digitize", "document-held": `doc/${stage.held}`, "document-built": `doc/${stage.copies}`,
    sign: "sign", read: `sign/read/${stage.internal}`, "form-picture": `form/${stage.internal}?role=personal`,
    "form-place": `form/${stage.internal}?role=personal&way=at&page=1&left=20&top=40`, seal: "seal",
    "form-text": `form/${stage.copies}?role=organization`, "form-seal": `form/${stage.outgoing}?role=organization`,
    compare: `compare/${stage.outgoing}`, deliver: "deliver", reconcile: "reconcile", "reconcile-all": "reconcile?show=all",
    "document-unstamped": `doc/${stage.unstamped}`, find: "find?words=uy+ban", attest: `attest/${stage.held}`, error: "doc/D-999999", ...more,
  };
  for (const [name, address] of Object.entries(pages)) await everywhere(lang, name, address);
  return Object.keys(pages).length;
}

async function speak(lang) {
  await page.goto(station.address);
  await Promise.all([page.waitForEvent("load"), page.click("form[action='/lang'] button")]);
  must((await page.getAttribute("html", "lang")) === lang, `speaks ${lang} now`);
}

/// Findings are on the picture of the page where they belong, and turn with it.
async function findingsInPlace() {
  await page.goto(`${station.address}doc/${stage.unstamped}`);
  await page.waitForFunction(() => document.querySelector("figure.sheet img").naturalWidth > 0);
  const said = await page.$$eval(".mark.in-place", (all) => all.map((mark) => {
    const [mine, sheet] = [mark.getBoundingClientRect(), mark.closest(".paper").getBoundingClientRect()];
    return [mark.textContent.trim(), (mine.left - sheet.left) / sheet.width, (mine.top - sheet.top) / sheet.height];
  }));
  must(said.length === 2 && said.some(([text]) => /dấu đỏ/.test(text)) && said.some(([text]) => /chữ ký/.test(text)), `no stamp, no signature: ${JSON.stringify(said)}`);
  must(said.every(([, left, top]) => left > 0.25 && top > 0.45 && top < 0.95), `where they belong: ${JSON.stringify(said)}`);
  must(await page.$(".paper svg.places rect"), "a frame around the place");
  await shot(page, path.join(stage.pictures, "vi"), "document-unstamped", true);
  await page.goto(`${station.address}doc/${stage.cut}`);
  await page.waitForSelector(".mark.at-left");
  await page.keyboard.press("r");
  await page.waitForSelector("figure.sheet img[src$='v=90']");
  must(await page.$(".mark.at-top") && !(await page.$(".mark.at-left")), "the mark turns with the page");
  await page.keyboard.press("z");
  await page.waitForSelector("figure.sheet img[src$='v=0']");
  await check(page, "document-cut");
  good("no stamp and no signature are told where they belong, a cut along its edge, also of a turned page");
}

/// The picture that the page shows, and what the form covers of it in shares of the page.
async function previewed(name) {
  const source = await page.getAttribute("#form-page img", "srcset");
  const answer = await page.request.get(new URL(source.split(" ")[0], station.address).href);
  must(answer.ok(), `the picture of ${name}: ${answer.status()}`);
  const file = path.join(stage.pictures, `${name}-preview.jpg`);
  writeFileSync(file, await answer.body());
  const area = await page.$eval("svg.places", (svg) => {
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const number = (of) => Number(svg.querySelector("rect").getAttribute(of));
    return [number("x") / width, number("y") / height, (number("x") + number("width")) / width, (number("y") + number("height")) / height];
  });
  return { file, area };
}

/// What was shown before is what another program shows of the signed file, and what the station shows of it afterwards.
async function asShown(name, document, shown) {
  const [told] = (await scanseal(stage.workspace, ["show", document])).filter((line) => line.event === "document");
  const sha256 = told.revisions.at(-1).sha256;
  const file = path.join(stage.workspace, "blobs", sha256.slice(0, 2), sha256);
  const drawn = path.join(stage.pictures, `${name}-signed`);
  execFileSync("pdftoppm", ["-r", "192", "-png", "-singlefile", "-f", "1", "-l", "1", file, drawn]);
  const out = execFileSync(python, [path.join(root, "tests/browser/same.py"), shown.file, `${drawn}.png`, ...shown.area.map(String)]);
  const [difference, ink] = out.toString().trim().split(" ").map(Number);
  // The station's own pictures of the signed page show it as well: what lies over a page is drawn.
  const own = path.join(stage.pictures, `${name}-own.jpg`);
  writeFileSync(own, await (await page.request.get(`${station.address}pdf/${document}/1?size=large`)).body());
  const again = execFileSync(python, [path.join(root, "tests/browser/same.py"), `${drawn}.png`, own, ...shown.area.map(String)]);
  const [off, there] = again.toString().trim().split(" ").map(Number);
  must(off < there / 3, `${name}: the station's picture of the signed page differs by ${off}, ink ${there}`);
  must(ink > 2 && difference < ink / 3, `${name}: shown and signed differ by ${difference} of 255, ink ${ink}`);
  good(`${name}: shown before as signed, ${difference} of 255 apart where the ink makes ${ink}`);
}

/// The person chooses a place by a click and by keys; the profile's own place is not to be moved.
async function placeOfTheSignature() {
  await page.goto(`${station.address}sign/read/${stage.internal}`);
  await page.locator(".form-close").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector(".form-close img")?.naturalWidth > 0);
  await page.click(".form-close a");
  await page.waitForURL("**/form/**");
  const size = await page.$eval("#form-page", (sheet) => [sheet.getBoundingClientRect().width, Number(sheet.dataset.width)]);
  must(Math.abs(size[0] / 96 * 25.4 - size[1]) < 2.5, `the page is as wide as paper: ${size}`);
  const before = await page.$eval("svg.places rect", (rect) => [rect.getAttribute("x"), rect.getAttribute("y")].join());
  await page.click("#form-page", { position: { x: 300, y: 700 } });
  await page.waitForURL("**way=at**");
  const after = await page.$eval("svg.places rect", (rect) => [rect.getAttribute("x"), rect.getAttribute("y")].join());
  must(before !== after, "a click moves it");
  await page.focus("#left");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("60");
  await page.keyboard.press("Enter");
  await page.waitForURL("**left=60**");
  await page.waitForFunction(() => document.querySelector("#form-page img")?.naturalWidth > 0);
  const shown = await previewed("signature");
  await Promise.all([page.waitForURL("**/sign/read/**"), page.click("form[data-send][action^='/form/'] button")]);
  await page.goto(`${station.address}form/${stage.internal}?role=personal&way=at&page=1&left=400&top=40`);
  must((await page.$$(".alert")).length > 0 && !(await page.$("input[name=sha256]")), "a place beside the page is told and not kept");
  await page.goto(`${station.address}form/${stage.outgoing}?role=organization`);
  must(!(await page.$("#choose")), "the profile leaves the seal to its rule");
  const refused = await page.evaluate(async (id) => {
    const told = await scanseal.send(`/form/${id}`, scanseal.form({ role: "organization", way: "at", page: "1", left: "10", top: "10", sha256: "" }));
    return told.error && told.error.code;
  }, stage.outgoing);
  must(["place_by_rule", "page_outdated"].includes(refused), `moved against the rule: ${refused}`);
  good("a place is chosen by a click and by keys, only where the profile lets one");
  return shown;
}

async function signAndSeal(shown) {
  await page.goto(`${station.address}sign/read/${stage.internal}`);
  for (let turn = 0; turn < 60 && page.url().includes("/read/"); turn += 1) {
    await page.keyboard.press("Enter");
    await page.waitForTimeout(250);
  }
  await page.waitForSelector("#signing");
  await page.click("#signing button[type=submit]");
  await until("signed", async () => (await scanseal(stage.workspace, ["show", stage.internal])).some((l) => l.state === "closed"), 60_000);
  await asShown("signature", stage.internal, shown);
  await page.goto(`${station.address}form/${stage.outgoing}?role=organization`);
  const seal = await previewed("seal");
  await page.goto(`${station.address}form/${stage.copies}?role=organization`);
  const words = await previewed("words");
  await page.goto(`${station.address}seal`);
  await page.waitForFunction(() => document.querySelector(".form-close img")?.naturalWidth > 0);
  await page.click("#signing button[type=submit]");
  const done = (l) => ["sealed", "queued", "sent", "delivered"].includes(l.state);
  for (const id of [stage.outgoing, stage.copies]) await until("sealed", async () => (await scanseal(stage.workspace, ["show", id])).some(done), 90_000);
  await asShown("seal", stage.outgoing, seal);
  await asShown("words", stage.copies, words);
}

/// The export of the system is compared with, each open line is closed by keys, the papers are downloaded.
async function numbers() {
  await to(page, "reconcile");
  await page.setInputFiles("#system", stage.export);
  await page.waitForFunction(() => document.querySelectorAll(".sides .panel")[2].querySelector("label.primary") === null);
  const told = (await scanseal(stage.workspace, ["reconcile", "--outage", stage.outage, "--dry-run"], 3)).find((l) => l.event === "summary");
  const tiles = await page.$$eval(".tiles a", (all) => Object.fromEntries(all.map((a) => [new URL(a.href).searchParams.get("show"), Number(a.querySelector("strong").textContent)])));
  for (const [name, count] of Object.entries(told.counts)) must((tiles[name] ?? 0) === count, `${name}: ${tiles[name]} on the page, ${count} on the command line`);
  must(tiles.open === told.open && told.open > 2, `open: ${tiles.open}, ${told.open}`);
  for (const wanted of ["missing", "duplicate", "renumbered", "conflict", "matched"]) must(tiles[wanted] > 0, `${wanted}: ${JSON.stringify(tiles)}`);
  good(`the board says what the command line says: ${JSON.stringify(tiles)}`);
  // Without a mark, and without a name: nothing happens.
  await page.fill("#reason", "x");
  await page.fill("#by", "Nguyễn Thị Hồng Vân");
  await page.focus("#by");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#settle > .alert");
  await page.focus("tbody input[name=line]");
  await page.keyboard.press("Space");
  await page.fill("#reason", "Đã kiểm tra <script>alert(1)</script> bản giấy");
  await page.focus("#by");
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  await until("one line less", async () => Number(await text(".tiles a strong")) === told.open - 1);
  await page.goto(`${station.address}reconcile?show=open`);
  await page.focus("#pick-all");
  await page.keyboard.press("Space");
  await page.fill("#reason", "Giấy tờ đã đối chiếu");
  await page.fill("#by", "Nguyễn Thị Hồng Vân");
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  await page.waitForSelector(".goodbox");
  const after = (await scanseal(stage.workspace, ["reconcile", "--outage", stage.outage])).find((l) => l.event === "summary");
  must(after.open === 0 && after.state === "reconciled", JSON.stringify(after));
  await page.goto(`${station.address}reconcile?show=all`);
  must((await text("main")).includes("<script>alert(1)</script>"), "the reason stays text");
  good(`${told.open} lines closed by keys; the outage is reconciled`);
  await page.fill("#notice-number", "45/TB-UBND");
  await page.fill("#notice-to", "Sở Nội vụ; Phòng Tư pháp");
  const [notice] = await Promise.all([page.waitForEvent("download"), page.click("form[action='/notice.pdf'] button")]);
  const kept = path.join(stage.pictures, "notice.pdf");
  await notice.saveAs(kept);
  must(readFileSync(kept).subarray(0, 5).toString() === "%PDF-", "a notice");
  const said = execFileSync("pdftotext", [kept, "-"]).toString();
  must(said.includes("45/TB-UBND") && said.includes(stage.outage) && said.includes("Nguyễn Thị Hồng"), "the notice says what was found");
  const links = await page.$$eval("main a[href$='.csv'], main a[href*='.pdf']", (all) => all.map((a) => a.href));
  for (const link of new Set(links)) {
    const answer = await page.request.get(link);
    must(answer.ok() && (await answer.body()).length > 100, `${link}: ${answer.status()}`);
  }
  good(`notice, list and registers: ${new Set(links).size} files`);
}

try {
  const count = await everyPage("vi", {});
  await speak("en");
  await everyPage("en", {});
  good(`${count} pages in two languages, at 1366x768, at 200 %, printed`);
  await speak("vi");
  await findingsInPlace();
  await signAndSeal(await placeOfTheSignature());
  await numbers();
  for (const lang of ["vi", "en"]) {
    if (lang === "en") await speak(lang);
    await everywhere(lang, "reconcile-done", "reconcile?show=all");
    await everywhere(lang, "document-signed", `doc/${stage.outgoing}`);
    await everywhere(lang, "deliver-done", "deliver");
    await everywhere(lang, "home-done", "");
  }
  await page.click("form[action='/lock'] button");
  await page.waitForSelector("body.alone");
  await check(page, "locked");
  await zoomed(page, path.join(stage.pictures, "vi"), "locked");
  await enter(page, station);
  must(page.faults.length === 0, page.faults.join("\n"));
  must(readdirSync(stage.delivered).filter((name) => name.endsWith(".pdf")).length > 0, "delivered");
} catch (error) {
  await shot(page, stage.pictures, "failed", true);
  console.log(page.url(), page.faults);
  throw error;
} finally {
  await browser.close();
  await station.end();
}
