#!/usr/bin/env python3
"""A contact sheet of the difficult pages: source beside result at 100 %, stamps at 300 %.   sheet.py SCANSEAL PAGES_DIR OUT.jpg [--class C]

Renders with mutool at 300 dpi. Needs pillow and Debian's mupdf-tools; PAGES_DIR comes from difficult.py. `tests/run sheet` makes
tests/results/difficult.jpg.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from difficult import PAGES

SIZE, GAP, CAPTION, COLUMNS = (400, 250), 6, 20, 2
#: Parts of stamps that are enlarged: page, place beside the place of the page to look at, times.
STAMPS, TIMES = (("faded_stamp", (100, 20)), ("identity_photo", (190, 190)), ("edge_stamp", (420, 120)), ("carbon_copy", (130, 30))), 3
#: Largest file that the repository takes.
LIMIT = 600_000


def rendered(pdf: Path, folder: Path) -> Image.Image:
    out = folder / f"{pdf.stem}.png"
    subprocess.run(["mutool", "draw", "-q", "-r", "300", "-o", out, pdf, "1"], check=True)
    return Image.open(out).convert("RGB")


def pair(source: Image.Image, result: Image.Image, left, top, times=1) -> Image.Image:
    """The same part of both, side by side."""
    out = Image.new("RGB", (2 * SIZE[0] + 2, SIZE[1]), "#d9dde2")
    width, height = (-(-side // times) for side in SIZE)
    for at, image in enumerate((source, result)):
        part = image.crop((left, top, left + width, top + height)).resize((width * times, height * times), Image.Resampling.NEAREST)
        out.paste(part.crop((0, 0, *SIZE)), (at * (SIZE[0] + 2), 0))
    return out


def pairs(options, folder: Path):
    """Caption and picture of each cell."""
    places = json.loads((options.pages / "places.json").read_text())
    stamps = []
    for name in (name for name in PAGES if (options.pages / f"{name}.jpg").exists()):
        scan, pdf = options.pages / f"{name}.jpg", folder / f"{name}.pdf"
        subprocess.run([options.scanseal, "convert", scan, "-o", pdf, "--class", options.klass, "--no-ocr", "-q"], check=True)
        source, result = Image.open(scan).convert("RGB"), rendered(pdf, folder)
        left, top = (int(v) for v in places[name])
        caption = f"{name}: {scan.stat().st_size / 1000:.0f} KB -> {pdf.stat().st_size / 1000:.1f} KB"
        print(caption, flush=True)
        yield caption, pair(source, result, left, top)
        for page, (x, y) in STAMPS:
            if page == name:
                stamps.append((f"{name}, stamp, {TIMES} times", pair(source, result, left + x, top + y, TIMES)))
    yield from stamps


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scanseal", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--class", dest="klass", default="normal")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cells = list(pairs(options, Path(folder)))
    cell = (2 * SIZE[0] + 2 + GAP, SIZE[1] + CAPTION + GAP)
    sheet = Image.new("RGB", (COLUMNS * cell[0] + GAP, -(-len(cells) // COLUMNS) * cell[1] + GAP), "#d9dde2")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for number, (caption, picture) in enumerate(cells):
        x, y = GAP + number % COLUMNS * cell[0], GAP + number // COLUMNS * cell[1]
        draw.text((x, y), caption, "black", font)
        sheet.paste(picture, (x, y + CAPTION))
    for quality in range(90, 40, -5):
        sheet.save(options.out, quality=quality, subsampling="4:4:4", optimize=True)
        if options.out.stat().st_size <= LIMIT:
            break


if __name__ == "__main__":
    main()
