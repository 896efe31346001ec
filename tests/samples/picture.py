#!/usr/bin/env python3
"""The picture of the README: a sample scan beside the PDF/A that came of it, and both stamps enlarged.

picture.py SCAN.jpg DELIVERED.pdf OUT.jpg      needs PyPI pillow and Debian's poppler-utils
"""
import os
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw, ImageFont

PAGE_HEIGHT, GAP, CAPTION = 620, 16, 34
STAMP = (1290, 2200, 2200, 2900)  # in pixels of the scan


def rendered(pdf: str, size) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        stem = os.path.join(folder, "page")
        subprocess.run(["pdftoppm", "-r", "300", "-f", "1", "-l", "1", "-singlefile", "-png", pdf, stem], check=True)
        return Image.open(stem + ".png").convert("RGB").resize(size)


def main(scan_name: str, pdf_name: str, out: str):
    scan = Image.open(scan_name).convert("RGB")
    page = rendered(pdf_name, scan.size)
    columns = []
    for image, name in ((scan, scan_name), (page, pdf_name)):
        kb = os.path.getsize(name) / 1000
        whole = image.resize((PAGE_HEIGHT * image.width // image.height, PAGE_HEIGHT), Image.LANCZOS)
        stamp = image.crop(STAMP)
        stamp = stamp.resize((whole.width, whole.width * stamp.height // stamp.width), Image.LANCZOS)
        columns.append((whole, stamp, f"{'scan' if image is scan else 'sealed PDF/A'}: {kb:.0f} KB"))
    width = sum(c[0].width for c in columns) + 3 * GAP
    height = PAGE_HEIGHT + columns[0][1].height + CAPTION + 3 * GAP
    sheet = Image.new("RGB", (width, height), "#d9dde2")
    draw, x = ImageDraw.Draw(sheet), GAP
    for whole, stamp, text in columns:
        draw.text((x, GAP - 4), text, fill="black", font=ImageFont.load_default(22))
        sheet.paste(whole, (x, CAPTION + GAP // 2))
        sheet.paste(stamp, (x, CAPTION + GAP // 2 + PAGE_HEIGHT + GAP))
        x += whole.width + GAP
    sheet.save(out, quality=82)


if __name__ == "__main__":
    main(*sys.argv[1:])
