#!/usr/bin/env python3
"""A contact sheet of the difficult pages: source beside result at 100 %.   sheet.py SCANSEAL PAGES_DIR OUT_DIR [--class C]

Renders with mutool at 300 dpi. Needs pillow and Debian's mupdf-tools; PAGES_DIR comes from difficult.py.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from difficult import PAGES

SIZE, GAP, CAPTION, COLUMNS = (560, 420), 8, 26, 2


def rendered(pdf: Path, folder: Path) -> Image.Image:
    out = folder / f"{pdf.stem}.png"
    subprocess.run(["mutool", "draw", "-q", "-r", "300", "-o", out, pdf, "1"], check=True)
    return Image.open(out).convert("RGB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scanseal", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--class", dest="klass", default="normal")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = [name for name in PAGES if (options.pages / f"{name}.jpg").exists()]
    places = json.loads((options.pages / "places.json").read_text())
    rows = -(-len(names) // COLUMNS)
    cell = (2 * SIZE[0] + 2 * GAP, SIZE[1] + CAPTION + GAP)
    sheet = Image.new("RGB", (COLUMNS * cell[0] + GAP, rows * cell[1] + GAP), "#d9dde2")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(18)
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(names):
            scan = options.pages / f"{name}.jpg"
            pdf = Path(folder) / f"{name}.pdf"
            subprocess.run([options.scanseal, "convert", scan, "-o", pdf, "--class", options.klass, "--no-ocr", "-q"], check=True)
            source, result = Image.open(scan).convert("RGB"), rendered(pdf, Path(folder))
            left, top = (int(v) for v in places[name])
            area = (left, top, left + SIZE[0], top + SIZE[1])
            x, y = GAP + number % COLUMNS * cell[0], GAP + number // COLUMNS * cell[1]
            kb = pdf.stat().st_size / 1000
            draw.text((x, y), f"{name}: {scan.stat().st_size / 1000:.0f} KB -> {kb:.1f} KB", "black", font)
            pair = Image.new("RGB", (2 * SIZE[0] + GAP, SIZE[1]))
            pair.paste(source.crop(area), (0, 0))
            pair.paste(result.crop(area), (SIZE[0] + GAP, 0))
            sheet.paste(pair, (x, y + CAPTION))
            pair.save(options.out / f"{name}.png")
            print(f"{name}: {kb:.1f} KB", flush=True)
    sheet.save(options.out / "sheet.png")


if __name__ == "__main__":
    main()
