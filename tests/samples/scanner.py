"""From print, pen and stamp to what a desk scanner delivers."""

import io
import math
import struct

import numpy as np
from PIL import Image, ImageFilter

from ink import field

TONER = (.10, .10, .115)
BLUE = (.10, .17, .56)
RED = (.84, .10, .17)


def lay(paper, mask, x, y, colour):
    """Multiplies an ink of `colour` onto the float RGB page, `mask` = coverage."""
    height, width = mask.shape
    top, left = max(0, -y), max(0, -x)
    bottom = min(height, paper.shape[0] - y)
    right = min(width, paper.shape[1] - x)
    part = mask[top:bottom, left:right, None]
    view = paper[y + top:y + bottom, x + left:x + right]
    view *= 1 - part * (1 - np.array(colour, np.float32))


def print_page(mask, rng):
    """Laser print on white: slightly ragged and uneven toner."""
    height, width = mask.height, mask.width
    soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(.6)), np.float32) / 255
    soft += rng.standard_normal((height, width), np.float32) * .05 * (soft > .04)
    cover = np.clip((soft - .30) * 2.3, 0, 1) * (.965 + .025 * field(rng, height, width, 90))
    cover = np.clip(cover + .02 * rng.standard_normal((height, width), np.float32) * (cover > 0), 0, 1)
    paper = np.ones((height, width, 3), np.float32)
    lay(paper, cover.astype(np.float32), 0, 0, TONER)
    return paper


def dust(paper, rng, count):
    """Dark specks, a few pale ones and one or two fibres."""
    height, width, _ = paper.shape
    for _ in range(count):
        x, y = rng.integers(20, width - 20), rng.integers(20, height - 20)
        r = rng.uniform(.8, 2.8)
        yy, xx = np.mgrid[-5:6, -5:6]
        spot = np.clip(r + .6 - np.hypot(xx * rng.uniform(.7, 1.3), yy), 0, 1) * rng.uniform(.25, .8)
        lay(paper, spot.astype(np.float32), int(x) - 5, int(y) - 5, (.28, .26, .24))
    for _ in range(rng.integers(0, 3)):
        x, y, a = rng.integers(100, width - 200), rng.integers(100, height - 200), rng.uniform(0, 6.28)
        bend = rng.uniform(-.05, .05)
        for k in range(int(rng.uniform(20, 60))):
            lay(paper, np.full((2, 2), .35, np.float32), int(x), int(y), (.4, .38, .36))
            x, y, a = x + math.cos(a), y + math.sin(a), a + bend


def tilt(paper, angle, lid):
    """Rotates by `angle` degrees; beyond the sheet lies the lid, with a faint edge shadow."""
    image = Image.fromarray(np.clip(paper * 255 + .5, 0, 255).astype(np.uint8))
    image = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    sheet = Image.new("L", image.size, 255).rotate(angle, Image.Resampling.BICUBIC, fillcolor=0)
    inside = np.asarray(sheet, np.float32) / 255
    shade = np.asarray(sheet.filter(ImageFilter.BoxBlur(5)), np.float32) / 255
    out = np.asarray(image, np.float32) / 255
    outside = (1 - inside)[..., None]
    out = out * inside[..., None] + np.array(lid, np.float32) * outside
    return out * (1 - .22 * outside * shade[..., None])


def scan(paper, rng, doc, angle):
    """Skew, paper, light, optics and sensor: an RGB image."""
    return sensed(seen(paper, rng, doc, angle), rng, doc)


def seen(paper, rng, doc, angle):
    """What the sensor is shown, before its noise: floats from 0 to 1."""
    height, width, _ = paper.shape
    clipped = doc.form in ("tiff-lzw", "png")
    dust(paper, rng, 6 if clipped else int(rng.integers(14, 34)))
    if not clipped:
        body = .004 * field(rng, height, width, 420) + .0025 * field(rng, height, width, 40)
        paper *= (1 + body + .0035 * field(rng, height, width, 4))[..., None]
        if doc.direction == "incoming":        # folded in three for the envelope
            for at in (.335, .668):
                across = np.arange(height) - at * height - rng.normal(0, 12)
                paper *= (1 - .055 * np.exp(-(across / 4) ** 2) - .018 * np.exp(-(across / 60) ** 2) *
                          (across > 0)).astype(np.float32)[:, None, None]
                paper += (.02 * np.exp(-((across + 7) / 4) ** 2)).astype(np.float32)[:, None, None]
    tone = np.array(doc.tone, np.float32)
    lid = (1, 1, 1) if clipped else (.985, .99, 1.0)
    out = tilt(np.clip(paper, 0, 1), angle, lid)
    small = Image.fromarray(np.clip(out * 255 + .5, 0, 255).astype(np.uint8))
    out = np.asarray(small.filter(ImageFilter.GaussianBlur(.75)), np.float32) / 255
    out *= tone
    if not clipped:
        x = np.linspace(0, 1, width, dtype=np.float32)
        y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        spine = .11 * np.exp(-x / .022) + .03 * np.exp(-x / .12)
        lamp = .018 * (x - .5) * rng.uniform(-1, 1) + .022 * (y - .45) * rng.uniform(-1, 1)
        out *= (1.012 - spine - lamp - .012 * (2 * y - 1) ** 4)[..., None].astype(np.float32)
        if doc.seed % 2:                        # one dirty sensor element
            column = int(rng.uniform(.55, .9) * width)
            out[:, column:column + 2] *= .975
    return out


def sensed(out, rng, doc):
    """Noise of the sensor, and what the scanner's driver does."""
    height, width, _ = out.shape
    clipped = doc.form in ("tiff-lzw", "png")
    noise = rng.standard_normal((height, width), np.float32) * doc.noise
    chroma = rng.standard_normal((height, width, 3)).astype(np.float32) * doc.noise * .45
    out = out * 255 + noise[..., None] + chroma
    if clipped:                                 # "remove background" of the scanner driver
        out = (out - 14) * (255 / (232 - 14))
        out[out.min(2) > 238] = 255
        step = 5                                # few tones, so lossless stays small
        out = np.round(out / step) * step
    return Image.fromarray(np.clip(out, 0, 255).astype(np.uint8))


def bilevel(image, rng):
    """Fixed threshold with a little sensor noise, as a fax-like preset does."""
    grey = np.asarray(image.convert("L"), np.float32)
    grey = grey + rng.standard_normal(grey.shape, np.float32) * 6
    return Image.fromarray(np.where(grey < 158, 0, 255).astype(np.uint8)).convert("1", dither=Image.Dither.NONE)


def split_jpeg(data):
    """A baseline JPEG as its tables and the abbreviated image, as TIFF compression 7 wants."""
    tables, image, at = b"", b"", 2
    while data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2:at + 4], "big")
        if data[at + 1] in (0xDB, 0xC4):
            tables += data[at:end]
        elif data[at + 1] != 0xE0:
            image += data[at:end]
        at = end
    return b"\xff\xd8" + tables + b"\xff\xd9", b"\xff\xd8" + image + data[at:]


def tiff_of_jpeg(images, quality, rows=256):
    """Little-endian TIFF of YCbCr 4:2:0 JPEG strips (pillow alone writes 4:4:4 RGB)."""
    out = bytearray(struct.pack("<2sHI", b"II", 42, 0))
    link = 4

    def put(data):
        out.extend(bytes(len(out) % 2))
        out.extend(data)
        return len(out) - len(data)

    for image in images:
        offsets, counts = [], []
        for top in range(0, image.height, rows):
            part = io.BytesIO()
            strip = image.crop((0, top, image.width, min(top + rows, image.height)))
            strip.save(part, "JPEG", quality=quality, subsampling="4:2:0")
            tables, data = split_jpeg(part.getvalue())
            offsets.append(put(data))
            counts.append(len(data))
        many, black_white = len(offsets), (0, 1, 255, 1, 128, 1, 255, 1, 128, 1, 255, 1)
        resolution = put(struct.pack("<II", 300, 1))
        entries = [
            (256, 4, 1, image.width), (257, 4, 1, image.height), (258, 3, 3, put(struct.pack("<3H", 8, 8, 8))),
            (259, 3, 1, 7), (262, 3, 1, 6), (273, 4, many, put(struct.pack(f"<{many}I", *offsets))),
            (277, 3, 1, 3), (278, 4, 1, rows), (279, 4, many, put(struct.pack(f"<{many}I", *counts))),
            (282, 5, 1, resolution), (283, 5, 1, resolution), (284, 3, 1, 1), (296, 3, 1, 2),
            (347, 7, len(tables), put(tables)), (530, 3, 2, 2 | 2 << 16), (531, 3, 1, 1),
            (532, 5, 6, put(struct.pack("<12I", *black_white)))]
        directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in entries)
        at = put(directory + bytes(4))
        struct.pack_into("<I", out, link, at)
        link = at + len(directory)
    return bytes(out)


def save(images, paths, form, quality):
    """Writes the pages of one document in its form."""
    dpi = (300, 300)
    if form.startswith("jpeg"):
        for image, path in zip(images, paths):
            extra = {} if form == "jpeg-nodpi" else {"dpi": dpi}
            image.save(path, "JPEG", quality=quality, subsampling="4:2:0", **extra)
    elif form == "png":
        images[0].save(paths[0], "PNG", optimize=True, dpi=dpi)
    elif form == "tiff-jpeg":
        paths[0].write_bytes(tiff_of_jpeg(images, quality))
    else:
        extra = {"tiff-lzw": {"compression": "tiff_lzw", "tiffinfo": {317: 2}},
                 "tiff-g4": {"compression": "group4", "strip_size": 1 << 24, "tiffinfo": {262: 0}}}[form]
        out = io.BytesIO()
        images[0].save(out, "TIFF", save_all=True, append_images=images[1:], dpi=dpi, **extra)
        paths[0].write_bytes(out.getvalue())
