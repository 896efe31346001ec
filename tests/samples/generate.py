"""Writes the sample scans: `python generate.py OUT_DIR [--fonts DIR]`.

Eight invented Vietnamese administrative letters as paper of an IT outage would
come from a scanner, their manifest and the known text. Needs pillow, numpy and
the Tinos and Arimo fonts (Debian: fonts-croscore). Same seeds, same pixels.
"""

import argparse
import csv
import json
import math
from pathlib import Path

import numpy as np

import ink
import layout
import scanner
from documents import CLERK, DOCUMENTS

COLUMNS = ("file code_number code_notation issued_date type_name subject organ_name signer_name signer_position "
           "copy_form pages direction paper_signed_at arrival_number arrival_date secrecy urgency paper_location "
           "attested_by").split()

README = """\
# Sample scans

Eight invented Vietnamese administrative letters ({pages} pages, A4, 300 dpi) as the paper of an outage on 02-06/11/2026
would come from a desk scanner: typeset after Decree 30/2020, number and date partly by hand, signed in blue, stamped in
red, then skewed, lit unevenly, blurred and made noisy. `../tests/samples/generate.py` draws every pixel from fixed seeds;
nothing was scanned or copied. Every place, organ, person, number and figure in them is invented.
`manifest.csv` has a row for each document (`;`, BOM, dates dd/MM/yyyy). `known-text.json` has the printed text of each
page (NFC; head row by row, tables cell by cell, signer before recipients), its lines, stamps and signatures with boxes in pixels of
the scan, and the skew; handwriting and stamp text are not in `text`, so measure OCR by lines near stamps.
Forms: colour JPEG (`scan_0002.jpg` records no dpi; `scan_0003` to `scan_0006` are one document), JPEG 4:2:0 in a
multi-page TIFF (`Kế hoạch...`, with an edge stamp), LZW RGB TIFF, RGB PNG (both with the background removed), G4
black-and-white TIFF (`QD_57_UBND.tif`). `CV_den_0412.jpg` is incoming. Licence: that of the project.
"""


def turned(box, angle):
    """Box of a rectangle after the page is rotated by `angle` degrees (anticlockwise)."""
    a, cx, cy = math.radians(angle), layout.WIDTH / 2, layout.HEIGHT / 2
    xs, ys = [], []
    for x in box[::2]:
        for y in box[1::2]:
            dx, dy = x - cx, y - cy
            xs.append(cx + dx * math.cos(a) + dy * math.sin(a))
            ys.append(cy - dx * math.sin(a) + dy * math.cos(a))
    return [round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))]


def box_of(mask, x, y):
    return x, y, x + mask.shape[1], y + mask.shape[0]


def pen_and_stamp(doc, page, paper, rng, fonts_dir, number, count, edge):
    """Handwriting, signature and stamps of one page; returns their boxes and what was written."""
    boxes, written = {}, []

    def put(name, mask, x, y, colour):
        x, y = int(x), int(y)
        scanner.lay(paper, mask, x, y, colour)
        boxes.setdefault(name, []).append(box_of(mask, x, y))

    blue = tuple(np.clip(np.array(scanner.BLUE) + rng.normal(0, .03, 3), 0, 1))
    day, month, _ = doc.issued_date.split("/")
    for name, text in (("number", doc.code_number), ("day", day), ("month", month)):
        if name in page.anchors:
            x, y = page.anchors[name]
            put("handwriting", *ink.handwriting(text, x, y, rng), blue)
            written.append(text)
    if doc.arrival and number == 0:
        x, y = page.anchors["arrival"]
        organ = "UBND XÃ MƯỜNG LAM"
        violet = (.55, .14, .30)
        put("arrival_stamp", ink.arrival_stamp(organ, fonts_dir, rng), x, y, violet)
        put("handwriting", *ink.handwriting(doc.arrival[0], x + 310, y + 132, rng, 46), blue)
        put("handwriting", *ink.handwriting(doc.arrival[1][:5], x + 350, y + 208, rng, 42), blue)
        written += [doc.arrival[0], doc.arrival[1][:5]]
    if doc.urgency and number == 0:
        x, y = page.anchors["urgency"]
        put("urgency_stamp", ink.urgency_stamp(doc.urgency, fonts_dir, rng), x - 190, y, scanner.RED)
    if doc.paraph and "paraph" in page.anchors:
        x, y = page.anchors["paraph"]
        put("paraph", *ink.signature("paraph", x + 60, y - 26, rng, unit=30, nib=5), blue)
    if "signature" in page.anchors:
        x, y = page.anchors["signature"]
        x, y = x + rng.normal(0, 14), y + rng.normal(0, 8)
        mask, left, top = ink.signature(doc.signer[3], x, y, rng)
        put("signature", mask, left, top, blue)
        stamp = ink.round_stamp(*doc.stamp, fonts_dir, rng, pressure=rng.uniform(.70, .86))
        reach = left + 30 + (mask.shape[1] - 60) / 3       # a third of the signature on its left
        put("stamp", stamp, reach - stamp.shape[1] + 26 + rng.normal(0, 10), y - stamp.shape[0] / 2 + rng.normal(0, 18), scanner.RED)
    if doc.edge_stamp:                                      # dấu giáp lai: a slice on each sheet
        size = edge.shape[1]
        share = size / count
        part = edge[:, int(number * share):int((number + 1) * share)]
        put("edge_stamp", part, layout.WIDTH - part.shape[1] - 4, 1500 + rng.normal(0, 6), scanner.RED)
    return boxes, written


def make(doc, out, fonts, fonts_dir):
    """Typesets, inks, scans and saves one document; returns its known text."""
    rng = np.random.default_rng(doc.seed)
    pages = layout.set_document(doc, fonts)
    edge = ink.round_stamp(*doc.stamp, fonts_dir, rng, pressure=.8) if doc.edge_stamp else None
    images, known = [], []
    for number, page in enumerate(pages):
        angle = round(float(rng.uniform(.25, 1.45) * rng.choice((-1, 1))), 2)
        paper = scanner.print_page(page.mask, rng)
        boxes, written = pen_and_stamp(doc, page, paper, rng, fonts_dir, number, len(pages), edge)
        image = scanner.scan(paper, rng, doc, angle)
        images.append(scanner.bilevel(image, rng) if doc.form == "tiff-g4" else image)
        several = len(doc.files) > 1
        known.append({
            "file": doc.files[number if several else 0],
            "page_in_file": 1 if several else number + 1,
            "skew_degrees_anticlockwise": angle,
            "handwritten": written,
            "boxes": {name: [turned(b, angle) for b in list_] for name, list_ in boxes.items()},
            "text": "\n".join(text for text, _ in page.lines),
            "lines": [{"text": text, "box": turned(box, angle)} for text, box in page.lines],
        })
    if len(doc.files) > 1 and len(doc.files) != len(pages):
        raise SystemExit(f"{doc.files[0]}: {len(pages)} pages, {len(doc.files)} files")
    scanner.save(images, [out / name for name in doc.files], doc.form, doc.quality)
    return known


def row_of(doc, pages):
    """The manifest row of one document."""
    number, date = doc.arrival or ("", "")
    values = {
        "file": "|".join(doc.files), "code_number": doc.code_number, "code_notation": doc.code_notation,
        "issued_date": doc.issued_date, "type_name": doc.type_name,
        "subject": doc.subject[0].upper() + doc.subject[1:], "organ_name": doc.organ_name,
        "signer_name": doc.signer_name, "signer_position": doc.signer[2], "copy_form": "SAO Y", "pages": pages,
        "direction": doc.direction, "paper_signed_at": doc.paper_signed_at, "arrival_number": number,
        "arrival_date": date, "secrecy": "Thường", "urgency": doc.urgency, "paper_location": doc.paper_location, "attested_by": CLERK,
    }
    return [values[name] for name in COLUMNS]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--fonts", default="/usr/share/fonts/truetype/croscore")
    parser.add_argument("--only", help="only documents whose first file name contains this; no manifest")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    fonts = layout.Fonts(options.fonts)
    rows, texts = [], []
    for doc in DOCUMENTS:
        if options.only and options.only not in doc.files[0]:
            continue
        known = make(doc, options.out, fonts, options.fonts)
        rows.append(row_of(doc, len(known)))
        texts.append({"document": f"{doc.code_number}/{doc.code_notation}", "files": doc.files, "pages": known})
        size = sum((options.out / f).stat().st_size for f in doc.files)
        print(f"{doc.files[0]}: {len(known)} pages, {size / 1e6:.2f} MB")
    if options.only:
        return
    with open(options.out / "manifest.csv", "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    pages = sum(len(text["pages"]) for text in texts)
    (options.out / "README.md").write_text(README.format(pages=pages), encoding="utf-8")
    known = json.dumps(texts, ensure_ascii=False, indent=1)
    (options.out / "known-text.json").write_text(known + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
