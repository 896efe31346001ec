// Five thousand documents beside one, in one run: how long the browser is busy at a time while a person goes through the list,
// how long pages take, and when the first picture of a thick stack is there.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { browse, must, open, serve, shot, to, until } from "./lib.mjs";

const stage = JSON.parse(process.env.SCANSEAL_STAGE);

/// The longest task and the times of pages while somebody reads through the list.
async function through(workspace, name) {
  const station = await serve(workspace, ["--lang", "vi"]);
  const browser = await browse();
  const page = await open(browser, station);
  page.setDefaultTimeout(120_000);
  let longest = 0;
  await page.addInitScript(() => {
    window.longest = 0;
    new PerformanceObserver((list) => { for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration); })
      .observe({ type: "longtask", buffered: true });
  });
  const times = {};
  for (const where of ["", "digitize", "sign", "seal", "deliver", "reconcile", "find"]) {
    const begun = Date.now();
    await page.goto(`${station.address}${where}`);
    times[where || "home"] = Date.now() - begun;
    longest = Math.max(longest, await page.evaluate(() => window.longest));
  }
  await page.goto(`${station.address}sign`);
  for (let turn = 0; turn < 8; turn += 1) {
    for (let step = 0; step < 12; step += 1) {
      await page.mouse.wheel(0, 400);
      await page.waitForTimeout(30);
    }
    longest = Math.max(longest, await page.evaluate(() => window.longest));
    const next = await page.$("a[rel=next]");
    if (next) await Promise.all([page.waitForNavigation(), next.click()]);
    else await page.reload();
  }
  await shot(page, stage.pictures, name);
  const first = await thick(page, station, name);
  must(page.faults.length === 0, page.faults.join("\n"));
  await browser.close();
  await station.end();
  return { longest, times, first };
}

/// A TIFF of fifty pages: milliseconds until its first picture, and until its pages are read.
async function thick(page, station, name) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "scanseal-thick-"));
  const stack = path.join(folder, `stack-${name}.tif`);
  const one = readdirSync(path.resolve(stage.scans, "../../../scans")).find((file) => file.startsWith("QD_57"));
  const source = path.resolve(stage.scans, "../../../scans", one);
  execFileSync("tiffcp", [...Array(13).fill(source), stack]);
  await to(page, "digitize");
  await page.setInputFiles("#files", stack);
  const begun = Date.now();
  await page.waitForFunction(() => document.querySelector("#upload-pages img")?.naturalWidth > 0);
  const picture = Date.now() - begun;
  await page.waitForFunction(() => {
    const panel = document.querySelector(".work[data-kind=intake]");
    return panel && !panel.hidden && panel.querySelector(".lines").childElementCount > 0;
  });
  return { picture, read: Date.now() - begun };
}

const one = await through(stage.one, "one");
const many = await through(stage.many, "many");
console.log(`longest task: one document ${one.longest.toFixed(0)} ms, 5,000 documents ${many.longest.toFixed(0)} ms`);
console.log(`pages, ms: one ${JSON.stringify(one.times)}, 5,000 ${JSON.stringify(many.times)}`);
console.log(`52 pages in one TIFF: first picture after ${one.first.picture} ms, all read after ${one.first.read} ms`);
// Tasks below 50 ms are not counted by browsers at all.
must(many.longest <= 3 * Math.max(one.longest, 50), "a list of 5,000 makes the browser busy for longer");
must(one.first.picture < one.first.read * 10 / 52, "the first picture comes before the tenth page is read");
