// One document from the drop to the destination, and no fault of access on any page: the short test of `tests/run`.

import { readdirSync } from "node:fs";
import path from "node:path";
import { browse, check, must, open, scanseal, serve, shot, tidy, to, until, holds } from "./lib.mjs";

const stage = JSON.parse(process.env.SCANSEAL_STAGE);
const station = await serve(stage.workspace, ["--lang", "vi"]);
const browser = await browse();
try {
  const page = await open(browser, station);
  page.setDefaultTimeout(60_000);
  const seen = async (name) => {
    await shot(page, stage.pictures, name);
    await check(page, name);
    await tidy(page, name);
  };
  await seen("home");
  await to(page, "digitize");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("label[for=files]")]);
  await chooser.setFiles(path.join(stage.scans, "scan_0001.jpg"));
  await page.waitForSelector("#D-000001");
  await page.waitForSelector("a.button.primary[href='/doc/D-000001']");
  await seen("digitize");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/doc/D-000001");
  await page.keyboard.press("r");
  await page.waitForSelector("figure.sheet img[src$='v=90']");
  await page.keyboard.press("z");
  await page.waitForSelector("figure.sheet img[src$='v=0']");
  await page.fill("#f-code_number", "121");
  await page.fill("#f-subject", "Xử lý văn bản giấy <script>alert(1)</script>");
  await seen("document");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL("**/digitize");
  await until("/sign holds /sign/read/D-000001", () => holds(page, "/sign", "/sign/read/D-000001"));
  await to(page, "sign");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/sign/read/D-000001");
  await page.waitForFunction(() => document.querySelector("img.pdf")?.naturalWidth > 0);
  await seen("read");
  for (let i = 0; i < 40 && page.url().includes("/read/"); i++) {
    await page.keyboard.press("Enter");
    await page.waitForTimeout(250);
  }
  await page.waitForSelector("#signing");
  await seen("sign");
  await page.click("#signing button[type=submit]");
  await until("/seal holds /compare/D-000001", () => holds(page, "/seal", "/compare/D-000001"));
  await to(page, "seal");
  await page.waitForSelector(".verdicts .tag.good");
  await seen("seal");
  await page.click("#signing button[type=submit]");
  await until("/deliver holds SHA-256", () => holds(page, "/deliver", "SHA-256"));
  await to(page, "deliver");
  await page.waitForSelector("td >> text=dms");
  await seen("deliver");
  await to(page, "find");
  await page.fill("#words", "xu ly van ban");
  await page.keyboard.press("Enter");
  await page.waitForSelector("td a[href='/doc/D-000001']");
  await seen("find");
  must(page.faults.length === 0, page.faults.join("\n"));
  must(readdirSync(stage.delivered).filter((name) => name.endsWith(".pdf")).length === 1, "delivered");
  const [record] = (await scanseal(stage.workspace, ["show", "D-000001"])).filter((line) => line.event === "document");
  must(record.state === "delivered" && record.fields.subject.includes("<script>"), JSON.stringify(record));
  must(record.signatures.length === 2, "signatures");
} finally {
  await browser.close();
  await station.end();
}
console.log("short: from the drop to the destination");
