// The words that pdf.js finds in a PDF, one run of text a line, as its viewer copies them.   node pdfjs_words.mjs MODULES FILE.pdf
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import path from "node:path";

const [modules, file] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, "here.js"));
// What it says of pictures that it could not draw here goes to the log, which is the output.
console.log = () => {};
const { getDocument } = require("pdfjs-dist/legacy/build/pdf.js");

const pdf = await getDocument({ data: new Uint8Array(await readFile(file)), verbosity: 0 }).promise;
for (let number = 1; number <= pdf.numPages; number++) {
  const { items } = await (await pdf.getPage(number)).getTextContent();
  process.stdout.write(items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("") + "\n");
}
