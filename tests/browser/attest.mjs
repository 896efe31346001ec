// Form SAO Y: the clerk compares signature and stamp with the paper, gives the word, and seals.

import { readdirSync } from "node:fs";
import path from "node:path";
import { browse, check, must, open, scanseal, serve, shot, tidy, to, until } from "./lib.mjs";

const stage = JSON.parse(process.env.SCANSEAL_STAGE);
const station = await serve(stage.workspace, ["--lang", "vi"]);
const browser = await browse();
const page = await open(browser, station);
page.setDefaultTimeout(300_000);
async function seen(name, full = false) {
  await shot(page, stage.pictures, name, full);
  await check(page, name);
  await tidy(page, name);
}
try {
  await to(page, "digitize");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("label[for=files]")]);
  await chooser.setFiles(["thư 01.jpg", "thư 11.jpg"].map((name) => path.join(stage.scans, name)));
  await page.waitForSelector("a.button.primary[data-key=Enter]");
  await seen("digitize", true);
  for (const [number, id] of [["301", "D-000001"], ["302", "D-000002"]]) {
    await page.goto(`${station.address}doc/${id}`);
    await until("the paper is read", () => page.$eval("#reading", (line) => line.hidden), 60_000);
    await page.fill("#f-code_number", number);
    await page.fill("#f-code_notation", "UBND-VP");
    await page.fill("#f-issued_date", "02/11/2026");
    await page.fill("#f-type_name", "Công văn");
    await page.fill("#f-subject", `Văn bản số ${number}`);
    await page.fill("#f-organ_name", "Ủy ban nhân dân xã Mường Lam");
    await page.click("#facts summary");
    await page.fill("#f-secrecy", "Thường");
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(`**/attest/${id}`);
    await page.waitForFunction(() => document.querySelector(".close img").naturalWidth > 0);
    await seen(`attest-${number}`);
    // Without both marks the browser itself asks for them.
    await page.click("button.primary");
    must(page.url().endsWith(id), "nothing is attested unseen");
    await page.check("input[name=signature]");
    await page.check("input[name=stamp]");
    await page.fill("#by", "Nguyễn Thị Hồng Vân");
    await Promise.all([page.waitForURL((url) => !url.pathname.endsWith(id)), page.click("button.primary")]);
  }
  await to(page, "seal");
  await until("both wait", async () => { await page.reload(); return (await page.$$(".verdicts > li")).length === 2; }, 120_000);
  must((await page.textContent(".verdicts")).includes("Nguyễn Thị Hồng Vân"), "the clerk's word is shown");
  await seen("seal", true);
  await page.fill("#pin", stage.password);
  await page.keyboard.press("Enter");
  await until("both arrive", () => readdirSync(stage.delivered).filter((name) => name.endsWith(".pdf")).length === 2, 120_000);
  await to(page, "sign");
  await seen("sign-not-here");
  must(page.faults.length === 0, page.faults.join("\n"));
  const documents = (await scanseal(stage.workspace, ["list"])).filter((line) => line.event === "document");
  must(documents.every((d) => d.signatures.length === 1 && d.signatures[0].role === "organization"), "sealed only");
  console.log("attest: two documents attested, sealed and delivered");
} catch (error) {
  await shot(page, stage.pictures, "failed", true);
  console.log(page.url(), page.faults);
  throw error;
} finally {
  await browser.close();
  await station.end();
}
