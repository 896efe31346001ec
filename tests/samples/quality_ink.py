"""Stamps, signatures and decoys of the quality sets, as coverage masks 0..1 with the colour they are laid in.

Everything is drawn at 300 dpi from a random generator: seals clear, faded, cut, doubled, slices of an edge stamp, framed
marks, title and name stamps, signatures of any hand, and what looks like one of them and is not.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import ink

ORGANS = [("ỦY BAN NHÂN DÂN XÃ MƯỜNG LAM", "TỈNH HÒA GIANG"), ("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "TỈNH HÒA GIANG"),
          ("TRƯỜNG TRUNG HỌC CƠ SỞ NÀ SÁNG", "XÃ MƯỜNG LAM"), ("BAN QUẢN LÝ DỰ ÁN", "HUYỆN LAM KHÊ"),
          ("HỘI ĐỒNG NHÂN DÂN", "PHƯỜNG BÌNH AN"), ("TRẠM Y TẾ XÃ PHIÊNG LANH", "TỈNH HÒA GIANG")]
NAMES = ["Đỗ Quang Nghĩa", "Hoàng Thị Ngọc Bích", "Vũ Đình Lượng", "Trịnh Khắc Duy", "Lù Thị Mai Anh", "Phạm Văn Sơn"]
TITLES = ["CHỦ TỊCH", "PHÓ CHỦ TỊCH", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "HIỆU TRƯỞNG"]
SECRET = ["MẬT", "TỐI MẬT", "TUYỆT MẬT"]
URGENT = ["KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"]


def mm(value):
    return int(round(value * 300 / 25.4))


def red(rng):
    """Seal ink: from orange red to carmine."""
    return tuple(np.clip(np.array((.83, .10, .16)) + rng.normal(0, (.05, .045, .06)), 0, 1))


def blue(rng):
    """Pen ink: royal blue to dark blue."""
    return tuple(np.clip(np.array((.12, .18, .58)) + rng.normal(0, (.05, .05, .09)), 0, 1))


def black(rng):
    return tuple(np.clip(np.array((.11, .11, .13)) + rng.normal(0, .03), 0, 1) * np.ones(3))


def seal(rng, fonts, pressure=None, diameter=None):
    """A round seal of an organ, 30 to 42 mm (Circular on seals: most have 36)."""
    diameter = diameter or mm(rng.uniform(32, 39))
    pressure = pressure or rng.uniform(.62, .9)
    return ink.round_stamp(*ORGANS[rng.integers(len(ORGANS))], fonts, rng, diameter, pressure)


def half_inked(mask, rng):
    """A seal pressed on one side: the other side stays without ink."""
    height, width = mask.shape
    a = rng.uniform(0, 6.28)
    yy, xx = np.mgrid[-1:1:height * 1j, -1:1:width * 1j]
    along = xx * math.cos(a) + yy * math.sin(a) + .08 * ink.field(rng, height, width, 50)
    return (mask * np.clip((along + rng.uniform(.05, .35)) * 6, 0, 1)).astype(np.float32)


def doubled(mask, rng):
    """The same seal pressed twice, a little beside."""
    dx, dy = (int(v) for v in rng.integers(-14, 15, 2))
    dx, dy = dx or 6, dy or 5
    pad = 16
    out = np.pad(mask, pad)
    other = np.roll(np.pad(mask * rng.uniform(.5, .9), pad), (dy, dx), (0, 1))
    return np.maximum(out, other * rng.uniform(.6, .95)).astype(np.float32)


def slice_of(mask, rng):
    """One sheet's share of an edge stamp (dấu giáp lai) over two to five sheets."""
    count = int(rng.integers(2, 6))
    number = int(rng.integers(0, count))
    share = mask.shape[1] / count
    return mask[:, int(number * share):int((number + 1) * share)]


def framed(text, rng, fonts, pressure=None):
    """A framed word of 8 mm height (Decree 30/2020 App. I; Circular 24/2020/TT-BCA): MẬT, KHẨN and their kin."""
    zoom, points = 4, rng.uniform(12.5, 14.5)
    font = ImageFont.truetype(f"{fonts}/Tinos-Bold.ttf", points * 300 / 72 * zoom)
    width = max(font.getlength(text) / zoom + mm(rng.uniform(4, 9)), mm(18))
    height = mm(rng.uniform(7.6, 9.2))
    image = Image.new("L", (int(width + 40) * zoom, int(height + 40) * zoom), 0)
    draw = ImageDraw.Draw(image)
    draw.rectangle((20 * zoom, 20 * zoom, image.width - 20 * zoom, image.height - 20 * zoom), outline=255,
                   width=int(rng.uniform(4, 7) * zoom))
    draw.text((image.width / 2, image.height / 2 + points * .2 * zoom), text, 255, font, anchor="mm")
    image = image.rotate(rng.uniform(-3, 3), Image.Resampling.BICUBIC)
    image = image.resize((image.width // zoom, image.height // zoom), Image.Resampling.BOX)
    return ink.worn(np.asarray(image, np.float32) / 255, rng, pressure or rng.uniform(.65, .9), rng.uniform(0, 6.28))


def words(text, rng, fonts, points, face="Tinos-Bold.ttf", pressure=None):
    """A name or title stamp: words without a frame."""
    zoom = 3
    font = ImageFont.truetype(f"{fonts}/{face}", points * 300 / 72 * zoom)
    width, height = int(font.getlength(text)) + 60 * zoom, int(points * 300 / 72 * 1.9 * zoom)
    image = Image.new("L", (width, height), 0)
    ImageDraw.Draw(image).text((width / 2, height / 2), text, 255, font, anchor="mm")
    image = image.rotate(rng.uniform(-2.5, 2.5), Image.Resampling.BICUBIC)
    image = image.resize((width // zoom, height // zoom), Image.Resampling.BOX)
    return ink.worn(np.asarray(image, np.float32) / 255, rng, pressure or rng.uniform(.65, .92), rng.uniform(0, 6.28))


def hand(rng):
    """Pen paths of a signature that nobody has: a capital, a run of small loops, a flourish."""
    x, path = 0.0, []
    tall = rng.uniform(1.8, 3.4)
    for _ in range(int(rng.integers(1, 3))):
        w = rng.uniform(1.0, 2.2)
        path += [(x, -tall * rng.uniform(.7, 1)), (x - rng.uniform(0, .6), .2), (x + w * .4, -tall * rng.uniform(.3, .9)),
                 (x + w, rng.uniform(-.4, .5))]
        x += w
    for _ in range(int(rng.integers(2, 8))):
        w, up = rng.uniform(.45, .95), rng.uniform(.5, 1.1)
        if rng.random() < .28:
            up = rng.uniform(1.6, 3.0)
        down = rng.uniform(1.0, 2.4) if rng.random() < .22 else rng.uniform(-.1, .2)
        path += [(x + w * .3, -up), (x + w * .15, -.2 * up), (x + w * .55, down), (x + w, -rng.uniform(0, .4))]
        x += w
    paths = [path]
    if rng.random() < .7:                                   # runs out into a stroke
        path += [(x + 1, rng.uniform(-.9, .3)), (x + rng.uniform(2, 4), rng.uniform(-1.8, .2))]
    if rng.random() < .6:                                   # and a line back under the name
        y = rng.uniform(.5, 1.3)
        paths.append([(x + rng.uniform(0, 2), y - .4), (x * .6, y + .2), (x * .2, y + rng.uniform(-.3, .4)),
                      (rng.uniform(-.5, .8), y - .2), (x * .5, y - rng.uniform(.2, .5))])
    if rng.random() < .4:                                   # a bar or a dot
        paths.append([(rng.uniform(0, x), -tall - .2), (rng.uniform(0, x) + .5, -tall - .4)])
    return paths


def signature(rng, thin=False):
    """A signature 24 to 62 mm wide, centred: (mask, dx, dy) from its centre."""
    names = [n for n in ink.SIGNATURES if n != "paraph"]
    paths = ink.SIGNATURES[names[rng.integers(len(names))]] if rng.random() < .3 else hand(rng)
    paths = [ink.jitter(p, rng, .04) for p in paths]
    every = np.array([q for p in paths for q in p if q])
    low, high = every.min(0), every.max(0)
    unit = min(mm(rng.uniform(24, 62)) / max(high[0] - low[0], 1), mm(30) / max(high[1] - low[1], 1))
    middle = (low + high) / 2
    turn = rng.uniform(-.18, .05)
    paths = [[q and (q[0] - middle[0], q[1] - middle[1]) for q in p] for p in paths]
    nib = rng.uniform(3.6, 5.0) if thin else rng.uniform(5.4, 8.6)
    return ink.write([ink.slanted(p, 0, 0, unit, rng.uniform(0, .3), turn) for p in paths], rng, nib,
                     rng.uniform(.5, 1))


def words_by_hand(rng, x, y, width):
    """Words in a hand that nobody can read, on the line at (x, y): (mask, left, top)."""
    paths, at = [], 0.0
    unit = mm(rng.uniform(1.5, 2.2))
    while at * unit < width:
        path, length = [], int(rng.integers(2, 7))
        for _ in range(length):
            w, up = rng.uniform(.5, .9), rng.uniform(.7, 1.0)
            up = rng.uniform(1.6, 2.2) if rng.random() < .3 else up
            down = rng.uniform(.8, 1.2) if rng.random() < .15 else rng.uniform(-.05, .1)
            path += [(at + w * .3, -up), (at + w * .15, -.2 * up), (at + w * .55, down), (at + w, -rng.uniform(0, .4))]
            at += w
        paths.append(path)
        if rng.random() < .5:                               # a mark above or below
            mark = at - rng.uniform(.3, length * .5)
            paths.append([(mark, -1.5), (mark + .3, -1.75)])
        at += rng.uniform(.6, 1.1)
    return ink.write([ink.slanted(p, x, y, unit, rng.uniform(.05, .2), 0) for p in paths], rng, rng.uniform(4.2, 6), .5)


def logo(rng, kind):
    """A printed emblem of 14 to 28 mm: list of (mask, colour)."""
    size = mm(rng.uniform(14, 28))
    zoom = 2
    parts = []

    def part(colour):
        image = Image.new("L", (size * zoom, size * zoom), 0)
        parts.append((image, colour))
        return ImageDraw.Draw(image), size * zoom

    strong = (.82, .08, .12) if kind.startswith("red") else (.08, .25, .62)
    if kind == "black_logo":
        strong = (.10, .10, .11)
    second = [(.93, .72, .10), (.10, .45, .22), (.15, .15, .18)][rng.integers(3)]
    shape = int(rng.integers(4))
    draw, s = part(strong)
    if shape == 0:                                          # disc with a star left out
        draw.ellipse((0, 0, s - 1, s - 1), fill=255)
        ink.star(draw, s / 2, s / 2, s * .33)
        other, _ = part(second)
        ink.star(other, s / 2, s / 2, s * .30)
    elif shape == 1:                                        # shield
        draw.polygon([(0, 0), (s, 0), (s, s * .6), (s / 2, s), (0, s * .6)], fill=255)
        other, _ = part(second)
        other.ellipse((s * .3, s * .2, s * .7, s * .6), fill=255)
    elif shape == 2:                                        # thick ring with letters
        draw.ellipse((0, 0, s - 1, s - 1), outline=255, width=int(s * .12))
        draw.rectangle((s * .3, s * .25, s * .42, s * .75), fill=255)
        draw.rectangle((s * .3, s * .63, s * .72, s * .75), fill=255)
    else:                                                   # bars
        for k in range(4):
            draw.rectangle((s * .25 * k, s * (.6 - .18 * k), s * (.25 * k + .18), s), fill=255)
        other, _ = part(second)
        other.ellipse((0, 0, s * .3, s * .3), fill=255)
    return [(np.asarray(i.resize((size, size), Image.Resampling.BOX), np.float32) / 255 * .96, c) for i, c in parts]


def underline(rng, width):
    """A pen line, ruled or by hand, now and then doubled."""
    strokes, y = [], 0.0
    for _ in range(int(rng.integers(1, 3))):
        wave = rng.uniform(0, 5)
        strokes.append([(x, y + rng.normal(0, 1) * wave) for x in np.linspace(0, width, max(4, int(width // 140)))])
        y += rng.uniform(10, 18)
    return ink.write(strokes, rng, rng.uniform(4, 7), .3)


def ring_by_hand(rng):
    """A pen loop around a word: never round, never the size of a seal."""
    a, b = mm(rng.uniform(9, 16)), mm(rng.uniform(4, 6.5))
    points = [(a * math.cos(t) * rng.uniform(.95, 1.05), b * math.sin(t) * rng.uniform(.93, 1.07))
              for t in np.linspace(-.3, 6.4, 15)]
    return ink.write([points], rng, rng.uniform(4, 6.5), .4)


def tick(rng):
    u = mm(rng.uniform(4, 7))
    return ink.write([[(0, 0), (u * .3, u * .55), (u * .45, u * .7), None, (u * .7, 0), (u * 1.1, -u * .7)]], rng, 6, .6)


def code_square(rng):
    """A QR-like square, 22 mm."""
    cells = np.kron(rng.random((25, 25)) < .5, np.ones((10, 10))).astype(np.float32)
    return cells * .95
