#!/usr/bin/env python3
"""Sizes, CPU time and fidelity of scanseal and its peers on generated letters, in one run.   tests/run peers [SEED] [PAGES]

Prints tables for tests/results/. Text recognition and deskew are off everywhere, so that compression is compared with
compression. CPU time is user and system time of the process and its children; only ratios within one run mean anything.
"""
import datetime
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import img2pdf
import pikepdf
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/samples"), str(ROOT / "tests/peers")]
import letters  # noqa: E402
import measure  # noqa: E402

SCANSEAL = ROOT / "target/release/scanseal"
JUDGE = ROOT / "tests/judges/pdfa_check.py"
FONTS = "/usr/share/fonts/truetype/croscore"
READ_PAGES = int(os.environ.get("SCANSEAL_READ_PAGES", "8"))      # pages that are read by tesseract; more takes minutes


def wrap(files, out):
    with open(out, "wb") as f:
        f.write(img2pdf.convert([str(file) for file in files]))


def ours(files, out, *extra):
    return [SCANSEAL, "convert", *files, "-o", out, "--no-ocr", "-q", *extra]


def tools(files, folder: Path):
    """Name, command, result."""
    wrapped = folder / "wrapped.pdf"
    wrap(files, wrapped)
    for name in ("normal", "small", "high"):
        out = folder / f"scanseal-{name}.pdf"
        yield f"scanseal {name}", ours(files, out, "--class", name), out
    skip = ["--tesseract-timeout", "0", "--output-type", "pdfa-2", "--quiet", "--jobs", "1"]
    for level in ("1", "3"):
        out = folder / f"ocrmypdf-{level}.pdf"
        yield f"ocrmypdf -O{level}", [sys.executable, "-m", "ocrmypdf", "-O", level, *skip, wrapped, out], out
    out = folder / "gs.pdf"
    yield "Ghostscript /ebook", ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-dPDFSETTINGS=/ebook",
                                 f"-sOutputFile={out}", wrapped], out


def recode(pages, folder: Path, lang):
    """Internet Archive's MRC, when it is installed; its hOCR is made beforehand and not counted. Its masks are G4, since Debian
    has no package of jbig2enc; its JPEG 2000 comes from pillow's OpenJPEG."""
    tool = shutil.which("recode_pdf") or str(Path(sys.executable).parent / "recode_pdf")
    if not os.path.exists(tool):
        return
    hocr = folder / "all.hocr"
    listing = folder / "list.txt"
    listing.write_text("\n".join(str(page) for page in pages))
    subprocess.run(["tesseract", listing, folder / "all", "-l", lang, "hocr"], check=True, capture_output=True,
                   env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    out = folder / "recode.pdf"
    yield "recode_pdf", [tool, "--from-imagestack", str(folder / "page-*.jpg"), "--hocr-file", hocr, "--dpi", "300",
                         "-o", out, "--bg-downsample", "3", "-m", "2", "--mask-compression", "ccitt", "-J", "pillow"], out


def colour(count, seed):
    lang = measure.language()
    made = list(letters.letters(count, seed, FONTS))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / f"page-{i:03}.jpg" for i in range(count)]
        for letter, file in zip(made, files):
            letter.image.save(file, quality=85, subsampling="4:2:0", dpi=(300, 300))
        size = sum(os.path.getsize(f) for f in files) / count / 1000
        print(f"## Colour JPEG, 300 dpi A4, signed and stamped, {count} pages of seed {seed}, {size:.0f} KB a page as scanned\n")
        print(f"Stamp dE: mean CIE76 over the reddish pixels of the stamp, against the page before the sensor's noise. Unread: "
              f"characters of printed words that tesseract `{lang}` does not find, first {min(READ_PAGES, count)} pages.\n")
        print("| tool | KB/page | of scanseal | CPU s/page | of scanseal | stamp dE | unread % | PDF/A |")
        print("|---|---|---|---|---|---|---|---|")
        source = [Image.open(file).convert("RGB") for file in files]
        report("the scans", size, None, source, made, folder, lang, "-", None)
        base = None
        for tool, command, out in [*tools(files, folder), *recode(files, folder, lang)]:
            try:
                seconds = measure.cpu(command) / count
            except subprocess.CalledProcessError as error:
                print(f"| {tool} | fails ({error.returncode}) |")
                continue
            kb = os.path.getsize(out) / count / 1000
            base = base or (kb, seconds)
            shown = [measure.rendered(out, i + 1, folder, made[i].truth.size) for i in range(count)]
            good = subprocess.run([sys.executable, JUDGE, out], stdout=subprocess.DEVNULL).returncode == 0
            report(tool, kb, seconds, shown, made, folder, lang, "passes" if good else "fails", base)
        print("\nrecode_pdf with masks in G4 (jbig2enc is not packaged by Debian) and JPEG 2000 by pillow; its hOCR is not counted.\n")
        blank(folder, files)
        workers(folder, files)
        overhead(folder, files)


def report(tool, kb, seconds, shown, made, folder, lang, verdict, base):
    stamped = [(m, s) for m, s in zip(made, shown) if "stamp" in m.boxes]
    colours = [measure.stamp_difference(m.truth, s, m.boxes["stamp"][0]) for m, s in stamped]
    unread = [measure.missing(m.text, measure.read(s, folder, lang)) for m, s in list(zip(made, shown))[:READ_PAGES]]
    ratios = (f"{kb / base[0]:.2f}", f"{seconds:.3f}", f"{seconds / base[1]:.1f}") if base else ("-", "-", "-")
    mean = lambda values: sum(values) / max(1, len(values))
    print(f"| {tool} | {kb:.1f} | {ratios[0]} | {ratios[1]} | {ratios[2]} | {mean(colours):.1f} | {mean(unread):.2f} | {verdict} |", flush=True)


def blank(folder, files):
    """What a blank colour page costs in a file of ten."""
    import difficult
    difficult.page("blank", 7, FONTS)[0].save(folder / "blank.jpg", quality=85, subsampling="4:2:0", dpi=(300, 300))
    ten = (files * 10)[:10]
    sizes = []
    for name, pages in (("ten", ten), ("eleven", [*ten, folder / "blank.jpg"])):
        subprocess.run(ours(pages, folder / f"{name}.pdf"), check=True, capture_output=True)
        sizes.append(os.path.getsize(folder / f"{name}.pdf"))
    print(f"One blank colour page more in a file of ten: {(sizes[1] - sizes[0]) / 1000:.1f} KB.\n")


def workers(folder, files):
    """Pages a second on one processor and on two."""
    many = (files * 40)[:40]
    seconds = []
    for cores in ("0", "0,1"):
        out = folder / f"cores-{len(cores)}.pdf"
        seconds.append(measure.peak_memory(["taskset", "-c", cores, *ours(many, out)])[1])
    print(f"40 pages: {40 / seconds[0]:.1f} pages a second on one processor, {40 / seconds[1]:.1f} on two: "
          f"{seconds[0] / seconds[1]:.2f} times.\n", flush=True)


def overhead(folder, files):
    """What a delivered document of one page weighs beside the page itself: structure, fonts, metadata and two signatures."""
    sizes = []
    for number, file in enumerate(files[:5]):
        home = folder / f"delivered-{number}"
        home.mkdir()
        subprocess.run([SCANSEAL, "recover", file, "--outage", "WEIGHT-1", "--drill", "-q"], cwd=home, check=True,
                       capture_output=True)
        [out] = (home / "scanseal-drill/delivered").rglob("*.pdf")
        with pikepdf.open(out) as pdf:
            signatures = len(pdf.Root.AcroForm.Fields)
            page = sum(len(o.read_raw_bytes()) for o in pdf.objects
                       if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image")
            contents = pdf.pages[0].Contents
            page += sum(len(o.read_raw_bytes()) for o in (contents if isinstance(contents, pikepdf.Array) else [contents]))
            mark = max(len(o.FontFile2.read_raw_bytes()) for o in pdf.objects
                       if isinstance(o, pikepdf.Dictionary) and "/FontFile2" in o)
        assert signatures == 2, signatures
        sizes.append((os.path.getsize(out) - page) / 1000)
    print(f"A document of one page as delivered, with {signatures} signatures: {sum(sizes) / len(sizes):.1f} KB beside what the page "
          f"shows (pictures, and text where tesseract is installed); {mark / 1000:.1f} KB of it are the font of the drill's mark, which no "
          f"real document has.\n", flush=True)


def bilevel():
    """Pages in G4 as they come from a fax-like preset."""
    files = [ROOT / "scans/QD_57_UBND.tif"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = []
        for tool, command, out in tools(files, folder):
            if tool in ("scanseal small", "scanseal high", "ocrmypdf -O3"):
                continue
            seconds = measure.cpu(command)
            with pikepdf.open(out) as pdf:
                pages = len(pdf.pages)
            rows.append((tool, os.path.getsize(out) / pages / 1000, seconds / pages))
        has = "with" if shutil.which("jbig2") else "without"
        print(f"## Black and white, G4, 300 dpi A4, {pages} pages ({has} jbig2enc for ocrmypdf)\n")
        print("| tool | KB/page | of scanseal | CPU s/page | of scanseal |\n|---|---|---|---|---|")
        for tool, kb, seconds in rows:
            print(f"| {tool} | {kb:.1f} | {kb / rows[0][1]:.2f} | {seconds:.3f} | {seconds / rows[0][2]:.1f} |")
        print()


def thousand(seed):
    """Peak memory with a thousand pages in one TIFF."""
    import scanner
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        images = [letter.image for letter in letters.letters(5, seed, FONTS)]
        (folder / "stack.tif").write_bytes(scanner.tiff_of_jpeg(images * 200, 80))
        size = os.path.getsize(folder / "stack.tif") / 1e6
        memory, seconds = measure.peak_memory(ours([folder / "stack.tif"], folder / "stack.pdf"))
        print(f"1,000 colour pages, JPEG in one TIFF of {size:.0f} MB: peak memory {memory:.0f} MB, {1000 / seconds:.1f} pages a "
              f"second, {os.path.getsize(folder / 'stack.pdf') / 1e6:.1f} MB.\n", flush=True)


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else int(datetime.date.today().strftime("%j"))
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    print(f"# Compression against peers, {datetime.date.today()}\n")
    print(f"`tests/run peers {seed} {count}`; KB is 1,000 bytes. PDF/A by `tests/judges/pdfa_check.py`.\n")
    bilevel()
    colour(count, seed)
    thousand(seed)


if __name__ == "__main__":
    main()
