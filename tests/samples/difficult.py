#!/usr/bin/env python3
"""Pages that are hard to compress well, each as a scanner would deliver it: `python difficult.py OUT_DIR [--seed N]`.

Needs pillow, numpy and the Tinos and Arimo fonts (Debian: fonts-croscore). A name says what is hard about its page.
`places.json` tells where on each page to look.
"""

import argparse
import dataclasses
import json
import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

import generate
import ink
import layout
import scanner
from documents import DOCUMENTS

W, H = layout.WIDTH, layout.HEIGHT
PENCIL, VIOLET = (.52, .52, .53), (.42, .40, .70)


def cover(draw_on):
    """A coverage mask of the whole page, drawn by a function."""
    image = Image.new("L", (W, H), 0)
    draw_on(ImageDraw.Draw(image), image)
    return np.asarray(image, np.float32) / 255


def scenery(rng, width, height):
    """A made-up colour photograph, 0 to 1: sky, hills, a face-like oval, grain."""
    yy, xx = np.mgrid[0:1:height * 1j, 0:1:width * 1j]
    hills = .55 + .12 * np.sin(xx * 9) + .06 * np.sin(xx * 23 + 1) + .03 * ink.field(rng, height, width, 30)
    sky = np.stack([.55 + .3 * yy, .68 + .2 * yy, .92 - .1 * yy], -1)
    shade = .5 + .22 * ink.field(rng, height, width, 12) * (yy > hills)
    land = np.stack([.30 * shade + .1, .48 * shade + .08, .22 * shade + .05], -1)
    out = np.where((yy > hills)[..., None], land, sky)
    oval = ((xx - .5) / .21) ** 2 + ((yy - .45) / .30) ** 2
    skin = np.array([.80, .60, .48]) * (1 - .25 * np.clip(xx - .45, 0, 1)[..., None] * 2)
    out = np.where((oval < 1)[..., None], skin, out)
    hair = (oval < 1.35) & (yy < .38)
    out = np.where(hair[..., None], np.array([.13, .11, .10]) + .05 * ink.field(rng, height, width, 4)[..., None], out)
    for eye in (.42, .58):
        out[np.hypot((xx - eye) * 1.4, yy - .43) < .018] = .08
    out[(np.abs(yy - .60) < .008) & (np.abs(xx - .5) < .06)] = (.55, .25, .24)
    return np.clip(out, 0, 1).astype(np.float32)


def screened(photo, lines=85, angle=45):
    """A printed halftone of a grey photograph: coverage of black."""
    grey = photo.mean(2)
    height, width = grey.shape
    yy, xx = np.mgrid[0:height, 0:width]
    a = math.radians(angle)
    period = layout.DPI / lines
    u = (xx * math.cos(a) + yy * math.sin(a)) * 2 * math.pi / period
    v = (-xx * math.sin(a) + yy * math.cos(a)) * 2 * math.pi / period
    screen = .5 + .25 * (np.cos(u) + np.cos(v))
    return np.clip((screen - grey) * 6 + .5, 0, 1).astype(np.float32)


class Sheet:
    """A letter in print, to which a page adds what is hard about it."""

    def __init__(self, which, seed, fonts_dir):
        self.rng, self.fonts_dir = np.random.default_rng(seed), fonts_dir
        self.doc = dataclasses.replace(DOCUMENTS[which], form="jpeg", seed=seed, noise=1.5, edge_stamp=False,
                                       tone=(.955, .945, .915))
        self.page = layout.set_document(self.doc, layout.Fonts(fonts_dir))[-1]
        self.paper = scanner.print_page(self.page.mask, self.rng)
        self.angle = round(float(self.rng.uniform(.2, .9) * self.rng.choice((-1, 1))), 2)

    def sign(self):
        generate.pen_and_stamp(self.doc, self.page, self.paper, self.rng, self.fonts_dir, 0, 1, None)

    def stamp(self, x, y, **kinds):
        mask = ink.round_stamp(*self.doc.stamp, self.fonts_dir, self.rng, **kinds)
        scanner.lay(self.paper, mask, int(x), int(y), scanner.RED)

    def lay(self, mask, colour):
        scanner.lay(self.paper, mask.astype(np.float32), 0, 0, colour)

    def picture(self, photo, x, y):
        """Pasted onto the sheet."""
        height, width, _ = photo.shape
        self.paper[y:y + height, x:x + width] = photo

    def scanned(self):
        return scanner.scan(np.clip(self.paper, 0, 1), self.rng, self.doc, self.angle)


def halftone(s):
    s.lay(np.pad(screened(scenery(s.rng, 1100, 760)), ((2700, H - 3460), (380, W - 1480))), scanner.TONER)
    s.sign()


def colour_photo(s):
    s.picture(scenery(s.rng, 1100, 760), 360, 2680)
    s.sign()


def identity_photo(s):
    s.picture(scenery(s.rng, 354, 472), 330, 2500)
    s.stamp(520, 2800, pressure=.8)


def table(s):
    def lines(d, _):
        for row in range(12):
            d.line((380, 2880 + row * 50, 2200, 2880 + row * 50), 255, 2 if row > 1 else 4)
        for x in (380, 520, 1200, 1600, 2200):
            d.line((x, 2880, x, 2880 + 11 * 50), 255, 2)
        small = ImageFont.truetype(f"{s.fonts_dir}/Tinos-Regular.ttf", 34)
        for row in range(1, 11):
            for x, text in ((400, str(row)), (540, "Chỉ tiêu số 6.380.869"), (1230, "1.863,08"), (1640, "3,8 5,6 8,9 0,6 9,0 3,3")):
                d.text((x, 2884 + row * 50), text, 255, small)
    s.lay(cover(lambda d, _: d.rectangle((380, 2880, 2200, 2980), 255)) * .16, scanner.TONER)
    s.lay(cover(lines), scanner.TONER)


def pencil(s):
    def strokes(d, _):
        for at, line in enumerate(s.page.lines[8:12]):
            x0, y0, x1, y1 = line[1]
            d.line([(x, y1 + 2 + 3 * math.sin(x / 60)) for x in range(int(x0), int(x1), 12)], 200, 4)
    mask = cover(strokes)
    grain = np.clip(.75 + .35 * ink.field(s.rng, H, W, 2.5), 0, 1)
    s.lay(mask * grain, PENCIL)
    for text, y in (("2.863", 700), ("15/11", 900)):
        scanner.lay(s.paper, *ink.handwriting(text, 80, y, s.rng, 60, 4), PENCIL)
    s.sign()


def marker(s):
    x0, y0, x1, y1 = s.page.lines[9][1]
    s.lay(cover(lambda d, _: d.rectangle((x0 + 200, y0 - 4, x1 - 100, y1 + 4), 255)) * .92, (1., .95, .25))
    place = x0 + 100, y0 - 120
    x0, y0, x1, y1 = s.page.lines[12][1]
    s.lay(cover(lambda d, _: d.rectangle((x0, y0 - 4, x1 - 500, y1 + 4), 255)) * .85, (.55, 1., .62))
    s.sign()
    return place


def carbon_copy(s):
    mask = np.asarray(s.page.mask.filter(ImageFilter.GaussianBlur(1.1)), np.float32) / 255
    s.paper[:] = 1
    s.lay(np.clip(mask * (.8 + .2 * ink.field(s.rng, H, W, 5)), 0, 1), VIOLET)
    s.stamp(1300, 2300, pressure=.8)


def coloured_form(s):
    def boxes(d, _):
        for row in range(9):
            d.rectangle((360, 2350 + row * 80, 2250, 2350 + row * 80 + 62), outline=255, width=3)
    s.lay(cover(boxes), (.35, .72, .45))
    s.lay(cover(lambda d, _: d.rectangle((360, 2250, 2250, 2330), 255)) * .5, (.45, .80, .55))
    small = ImageFont.truetype(f"{s.fonts_dir}/Arimo-Regular.ttf", 30)
    s.lay(cover(lambda d, _: [d.text((380, 2364 + r * 80), "Họ và tên người kê khai / số định danh", 255, small) for r in range(9)]), (.20, .55, .32))
    for row in range(9):
        scanner.lay(s.paper, *ink.handwriting("0380916", 1200, 2400 + row * 80, s.rng, 44), scanner.BLUE)


def edge_stamp(s):
    mask = ink.round_stamp(*s.doc.stamp, s.fonts_dir, s.rng, pressure=.8)
    part = mask[:, :mask.shape[1] // 3]
    scanner.lay(s.paper, part, W - part.shape[1] - 4, 1500, scanner.RED)
    s.sign()


def solid_stamp(s):
    x0, y0, x1, y1 = s.page.lines[10][1]
    mask = ink.worn(cover(lambda d, _: d.rectangle((x0 + 300, y0 - 60, x0 + 1100, y1 + 90), 255)), s.rng, .95, 1.0)
    s.lay(mask, scanner.RED)
    s.sign()
    return x0 + 260, y0 - 150


def faded_stamp(s):
    s.stamp(1300, 2350, pressure=.42)
    s.stamp(500, 2500, pressure=.30)


def signature_over_text(s):
    for at, name in ((9, "nghia"), (13, "bich")):
        x0, y0, x1, y1 = s.page.lines[at][1]
        scanner.lay(s.paper, *ink.signature(name, (x0 + x1) / 2, (y0 + y1) / 2, s.rng), scanner.BLUE)
    s.sign()
    return (x0 + x1) / 2 - 280, (y0 + y1) / 2 - 210


def old_paper(s):
    s.sign()
    stain = np.clip(.5 + .5 * ink.field(s.rng, H, W, 500), 0, 1)[..., None]
    s.paper *= 1 - stain * (1 - np.array((.80, .70, .52), np.float32))
    s.doc = dataclasses.replace(s.doc, tone=(.80, .74, .60))


def show_through(s):
    back = layout.set_document(DOCUMENTS[(DOCUMENTS.index(next(d for d in DOCUMENTS if d.files == s.doc.files)) + 1) % 8], layout.Fonts(s.fonts_dir))[0]
    mirrored = back.mask.transpose(Image.Transpose.FLIP_LEFT_RIGHT).filter(ImageFilter.GaussianBlur(3))
    s.lay(np.asarray(mirrored, np.float32) / 255 * .17, (.2, .2, .2))
    s.sign()


def small_print(s):
    tiny = ImageFont.truetype(f"{s.fonts_dir}/Arimo-Regular.ttf", 25)
    text = "Mã hồ sơ 000.00.38.H01-261105-0869 lập 03/08/2026, hạn trả 18/08/2026, lệ phí 36.000 đ; tra cứu 1900.0638."
    s.lay(cover(lambda d, _: [d.text((360, 2900 + 36 * r), text, 255, tiny) for r in range(12)]) * .62, scanner.TONER)


def dot_code(s):
    cells = s.rng.integers(0, 2, (33, 33))
    for corner in ((0, 0), (26, 0), (0, 26)):
        cells[corner[0]:corner[0] + 7, corner[1]:corner[1] + 7] = 1
        cells[corner[0] + 1:corner[0] + 6, corner[1] + 1:corner[1] + 6] = 0
        cells[corner[0] + 2:corner[0] + 5, corner[1] + 2:corner[1] + 5] = 1
    s.lay(np.pad(np.kron(cells, np.ones((6, 6))), ((2500, H - 2698), (400, W - 598))), scanner.TONER)
    s.sign()


def blank(s):
    s.paper[:] = 1


#: name -> (which letter, how it becomes hard, where to look: left, top)
PAGES = {
    "halftone": (0, halftone, (650, 2850)), "colour_photo": (1, colour_photo, (600, 2800)),
    "identity_photo": (0, identity_photo, (360, 2700)), "table": (0, table, (420, 2850)),
    "pencil": (0, pencil, (60, 620)), "marker": (0, marker, (500, 1150)), "carbon_copy": (0, carbon_copy, (1200, 2250)),
    "coloured_form": (1, coloured_form, (900, 2250)), "edge_stamp": (0, edge_stamp, (1880, 1450)),
    "solid_stamp": (0, solid_stamp, (650, 1250)), "faded_stamp": (1, faded_stamp, (1250, 2350)),
    "signature_over_text": (0, signature_over_text, (1000, 1150)), "old_paper": (0, old_paper, (1300, 2250)),
    "show_through": (1, show_through, (700, 1300)), "small_print": (0, small_print, (360, 2880)),
    "dot_code": (1, dot_code, (380, 2450)), "blank": (0, blank, (900, 900)),
}


def page(name, seed, fonts_dir):
    """One page as the scanner delivers it, and the place to look at."""
    which, change, place = PAGES[name]
    sheet = Sheet(which, seed * 100 + list(PAGES).index(name), fonts_dir)
    place = change(sheet) or place
    left, top, _, _ = generate.turned((*place, *place), sheet.angle)
    return sheet.scanned(), (left, top)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--fonts", default="/usr/share/fonts/truetype/croscore")
    parser.add_argument("--only", help="only the page of this name")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    places = {}
    for name in [options.only] if options.only else PAGES:
        image, places[name] = page(name, options.seed, options.fonts)
        image.save(options.out / f"{name}.jpg", quality=85, subsampling="4:2:0", dpi=(300, 300))
        print(name)
    (options.out / "places.json").write_text(json.dumps(places) + "\n")


if __name__ == "__main__":
    main()
