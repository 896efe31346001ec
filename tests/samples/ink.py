"""Ink: handwriting, signatures and round stamps as coverage masks 0..1.

Every function returns a float32 array and its top left corner on the page;
colour comes in when `scanner.py` lays the ink on the paper.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

# Pen paths of the digits in a box 0.6 wide and 1 high, y downwards.
# `None` marks a sharp corner: the curve stops there and starts anew.
DIGITS = {
    "0": [[(.40, .06), (.12, .18), (.02, .60), (.20, .98), (.45, .85), (.55, .45), (.42, .10), (.28, .04)]],
    "1": [[(.10, .30), (.22, .17), (.36, .02), None, (.33, .35), (.29, .70), (.26, 1.02)]],
    "2": [[(.05, .25), (.20, .03), (.48, .12), (.45, .40), (.22, .75), (.02, .97), None, (.28, .93), (.60, .95)]],
    "3": [[(.08, .12), (.30, .0), (.50, .15), (.40, .38), (.22, .46), None, (.48, .55), (.52, .80), (.28, 1.), (.02, .88)]],
    "4": [[(.30, .0), (.16, .33), (.02, .62), None, (.30, .62), (.60, .58)], [(.44, .28), (.40, .68), (.36, 1.05)]],
    "5": [[(.16, .05), (.10, .42), None, (.35, .36), (.52, .60), (.42, .92), (.15, 1.), (.0, .90)],
          [(.15, .06), (.35, .07), (.56, .02)]],
    "6": [[(.42, .02), (.15, .35), (.03, .72), (.20, 1.), (.45, .88), (.45, .62), (.25, .55), (.06, .74)]],
    "7": [[(.03, .06), (.30, .05), (.55, .03), None, (.38, .45), (.22, 1.02)], [(.14, .52), (.50, .47)]],
    "8": [[(.42, .12), (.20, .02), (.08, .20), (.28, .45), (.48, .72), (.30, 1.), (.06, .85), (.15, .60), (.40, .35), (.45, .10)]],
    "9": [[(.48, .15), (.25, .02), (.05, .25), (.20, .48), (.45, .35), (.50, .12), (.47, .50), (.36, 1.02)]],
    "/": [[(.50, -.05), (.30, .50), (.08, 1.08)]],
}

# Signatures as pen paths, written by hand for this generator: unit = the
# height of a small letter, base line y = 0, y downwards.
SIGNATURES = {
    "nghia": [
        [(.2, -2.6), (-.1, -1.2), (-.5, .3), (-1.1, .5), (-1.2, -.1), (-.2, -1.2), (1.0, -2.6), (2.2, -2.7),
         (2.7, -1.6), (2.0, -.2), (.7, .25), (-.1, .1), (.6, -.3), (2.4, -.5), (3.1, -.9), (3.0, -.1), (3.5, -.8),
         (3.7, -.9), (3.7, -.1), (4.3, -.8), (4.6, -.6), (4.4, .0), (4.9, -.3), (5.3, -1.9), (5.5, -2.6),
         (5.15, -2.3), (5.1, -.2), (5.5, -.9), (5.8, -.7), (5.8, .0), (6.6, -.5), (8.0, -1.3), (9.4, -1.7)],
        [(-.9, -1.3), (.3, -1.5), (1.3, -1.45)],
        [(8.9, -.4), (6.0, .65), (2.2, 1.15), (.2, 1.1), (.6, .75), (3.5, .7), (7.2, .95)],
    ],
    "bich": [
        [(.3, -2.9), (.2, -1.3), (-.2, .1), (-.7, .3), (-.6, -.3), (.6, -1.4), (1.6, -1.9), (2.1, -2.8),
         (2.2, -3.0), (1.9, -1.2), (1.7, .2), (2.3, -.6), (2.9, -.9), (2.6, -.2), (3.0, -.1), (3.5, -.8),
         (3.4, .0), (3.9, -.4), (4.3, -2.0), (4.5, -2.9), (4.2, -2.4), (4.0, -.6), (4.3, .1), (4.8, -.4),
         (4.7, -.9), (5.2, -.7), (5.6, -.5), (5.5, .4), (5.0, 2.0), (4.2, 2.4), (4.3, 1.5), (6.0, -.2), (8.2, -1.2)],
        [(1.0, -1.1), (2.6, -1.7), (4.9, -2.1), (7.0, -2.0)],
        [(6.4, -2.4), (6.5, -2.3)],
    ],
    "luong": [
        [(-.2, -2.4), (.4, -2.2), (.8, -.6), (1.0, .2), (1.4, -1.0), (2.1, -2.8), (2.6, -3.1), (2.5, -2.5),
         (1.8, -.8), (1.7, .0), (2.3, .0), (2.9, -.8), (3.2, -.9), (3.0, -.1), (3.4, .0), (3.9, -.8), (4.1, -.8),
         (3.9, -.1), (4.4, -.2), (4.8, -.8), (5.2, -.8), (5.0, .0), (5.5, -.3), (6.0, -.8), (6.3, -.7), (6.1, .6),
         (5.6, 1.9), (4.6, 2.2), (2.8, 1.6), (1.0, .7), (2.4, .5), (6.0, .4), (8.6, -.2)],
        [(3.3, -1.5), (3.7, -1.9), (4.1, -1.5)],
    ],
    "duy": [
        [(-.6, -1.7), (.6, -2.5), (2.4, -2.7), (3.3, -2.4)],
        [(1.4, -2.5), (1.1, -1.0), (.8, .1), (.2, .4), (.0, -.2), (.9, -.6), (1.9, -.9), (1.8, -.1), (2.5, -.8),
         (2.6, .0), (3.2, -.8), (3.0, -.1), (3.5, -.1), (4.2, -2.2), (4.5, -2.9), (4.2, -2.6), (3.9, -.7),
         (4.0, .1), (4.6, -.7), (4.7, -.1), (5.2, -.8), (5.2, .2), (4.8, 1.9), (4.1, 2.5), (3.9, 1.7), (5.2, .2),
         (7.4, -.9), (9.0, -1.1), (8.3, -.3), (5.0, .9), (1.4, 1.3)],
    ],
    "paraph": [
        [(.0, .0), (.6, -1.4), (1.0, -1.5), (.9, -.4), (1.1, .1), (1.6, -.7), (1.9, -.6), (1.7, .1), (2.4, -.2), (3.6, -.9)],
    ],
}


def field(rng, height, width, scale):
    """Smooth noise with mean 0 and deviation about 1; `scale` = grain in pixels."""
    small = rng.standard_normal((max(2, int(height / scale) + 2), max(2, int(width / scale) + 2)))
    image = Image.fromarray(small.astype(np.float32), "F")
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))


def spline(points, per=26):
    """Catmull-Rom through the points (centripetal enough for pen paths)."""
    p = np.array([points[0], *points, points[-1]], float)
    t = np.linspace(0, 1, per, endpoint=False)[:, None]
    out = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:]):
        out.append(.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2
                         + (3 * b - a - 3 * c + d) * t ** 3))
    return np.concatenate([*out, [p[-1]]])


def pieces(path):
    """Splits a path at its corners."""
    part = []
    for point in path:
        if point is None:
            yield part
            part = part[-1:]
        else:
            part.append(point)
    yield part


def resample(curve, step):
    """Even steps along the curve; returns points and the pen's speed there (0..1)."""
    length = np.hypot(*np.diff(curve, axis=0).T)
    along = np.concatenate([[0], np.cumsum(length)])
    speed = np.convolve(np.pad(length, 6, "edge"), np.ones(13) / 13, "valid")
    speed = np.concatenate([speed, speed[-1:]]) / (np.percentile(length, 95) + 1e-6)
    at = np.arange(0, along[-1], step)
    return (np.stack([np.interp(at, along, curve[:, k]) for k in (0, 1)], 1),
            np.clip(np.interp(at, along, speed), 0, 1))


def write(strokes, rng, nib=6.2, quick=1.0):
    """Draws pen strokes given in page pixels: (mask 0..1, x, y)."""
    zoom, pad = 3, 30
    every = np.concatenate([np.array([q for q in s if q], float) for s in strokes])
    x0, y0 = np.floor(every.min(0)).astype(int) - pad
    width, height = (np.ceil(every.max(0)).astype(int) + pad - (x0, y0))
    ink = np.ones((height, width), np.float32)
    for stroke in strokes:
        layer = Image.new("L", (int(width * zoom), int(height * zoom)), 0)
        draw = ImageDraw.Draw(layer)
        curve = np.concatenate([spline(p) for p in pieces(stroke) if len(p) > 1])
        points, speed = resample((curve - (x0, y0)) * zoom, zoom * .45)
        count = len(points)
        if count < 4:
            continue
        slow = np.convolve(rng.standard_normal(count + 160), np.ones(161) / 161, "valid") * 6
        radius = nib * zoom / 2 * np.clip(1.30 - .78 * quick * speed ** .8 + .13 * slow, .38, 1.6)
        ends = np.minimum(np.arange(count) + 6, (np.arange(count)[::-1] + 2) * .55) / (26 * zoom / 3)
        radius = radius * np.clip(ends, .30, 1) ** .6
        tone = np.clip(246 - 96 * quick * speed + 20 * slow, 90, 255)
        for (x, y), r, v in zip(points, radius, tone):
            draw.ellipse((x - r, y - r, x + r, y + r), fill=int(v))
        small = layer.resize((int(width), int(height)), Image.Resampling.BOX)
        ink *= 1 - np.asarray(small, np.float32) / 255
    mask = 1 - ink
    grain = field(rng, int(height), int(width), 2.2) * .10 + field(rng, int(height), int(width), 9) * .07
    mask *= np.clip(.93 + grain, .35, 1)
    return mask, int(x0), int(y0)


def jitter(path, rng, amount):
    return [q and (q[0] + rng.normal(0, amount), q[1] + rng.normal(0, amount)) for q in path]


def slanted(path, x, y, unit, slant, turn=0.0):
    """Unit coordinates to page pixels, with slant and rotation."""
    cos, sin = math.cos(turn), math.sin(turn)
    out = []
    for q in path:
        if q:
            u, v = (q[0] - slant * q[1]) * unit, q[1] * unit
            q = (x + u * cos - v * sin, y + u * sin + v * cos)
        out.append(q)
    return out


def handwriting(text, x, base, rng, height=50, nib=5.2):
    """Digits written on the base line at (x, base)."""
    strokes = []
    for letter in text:
        size = height * rng.uniform(.9, 1.08)
        for path in DIGITS.get(letter, []):
            top = base - size + rng.normal(0, 2)
            strokes.append(slanted(jitter(path, rng, .018), x + .16 * size, top, size, .14 + rng.normal(0, .02)))
        x += size * (.42 if letter in "1/" else .62) + rng.normal(0, 1.5)
    return write(strokes, rng, nib, .6)


def signature(name, x, y, rng, unit=39, nib=7.4):
    """A signature centred on (x, y)."""
    paths = [jitter(p, rng, .035) for p in SIGNATURES[name]]
    every = np.array([q for p in paths for q in p if q])
    middle = (every.min(0) + every.max(0)) / 2
    turn = rng.uniform(-.10, -.02)
    paths = [[q and (q[0] - middle[0], q[1] - middle[1]) for q in p] for p in paths]
    return write([slanted(p, x, y, unit, .16, turn) for p in paths], rng, nib)


def circle_text(image, text, font, radius, start, step_scale, inward=False):
    """Letters along a circle, `start` in degrees clockwise from the top; centred there."""
    centre = image.width / 2
    widths = [font.getlength(c) * step_scale for c in text]
    angle = start - (-1 if inward else 1) * math.degrees(sum(widths) / radius) / 2
    for letter, width in zip(text, widths):
        half = math.degrees(width / radius) / 2
        angle += -half if inward else half
        tile = Image.new("L", (int(font.size * 2.2),) * 2, 0)
        ImageDraw.Draw(tile).text((tile.width / 2, tile.height / 2), letter, 255, font, anchor="mm"
                                  if letter in "★-" else "ms")
        shift = 0 if letter in "★-" else font.size * .36
        tile = tile.transform(tile.size, Image.Transform.AFFINE, (1, 0, 0, 0, 1, -shift))
        tile = tile.rotate(-angle + (180 if inward else 0), Image.Resampling.BICUBIC)
        x = centre + radius * math.sin(math.radians(angle)) - tile.width / 2
        y = centre - radius * math.cos(math.radians(angle)) - tile.height / 2
        white = Image.new("L", tile.size, 255)
        image.paste(white, (round(x), round(y)), tile)
        angle += -half if inward else half


def star(draw, x, y, radius):
    points = []
    for k in range(10):
        r = radius if k % 2 == 0 else radius * .382
        a = math.pi * k / 5
        points.append((x + r * math.sin(a), y - r * math.cos(a)))
    draw.polygon(points, fill=255)


def worn(mask, rng, pressure, tilt):
    """Uneven ink: pressure falls off to one side, blotches, pores, dark edges."""
    height, width = mask.shape
    yy, xx = np.mgrid[-1:1:height * 1j, -1:1:width * 1j]
    slope = 1 - .22 * (1 + xx * math.cos(tilt) + yy * math.sin(tilt)) / 2
    cover = (pressure * slope + .13 * field(rng, height, width, 60)
             + .10 * field(rng, height, width, 17) + .09 * field(rng, height, width, 5))
    edge = mask - np.asarray(Image.fromarray((mask * 255).astype(np.uint8))
                             .filter(ImageFilter.GaussianBlur(4)), np.float32) / 255
    cover = cover + .25 * np.clip(edge, 0, 1)
    pores = field(rng, height, width, 2.6) + .8 * field(rng, height, width, 30)
    cover = np.where(pores > 1.75 + 1.2 * (pressure - .8), cover * .30, cover)
    spread = np.asarray(Image.fromarray((mask * 255).astype(np.uint8))
                        .filter(ImageFilter.GaussianBlur(1.1)), np.float32) / 255
    ragged = np.clip((spread + .10 * field(rng, height, width, 3) * (spread > .05) - .38) * 4, 0, 1)
    return (ragged * np.clip(cover, .06, .96)).astype(np.float32)


def round_stamp(top, bottom, fonts_dir, rng, diameter=413, pressure=.80, turn=None):
    """Two rings, text on a circle, a star: (mask, size)."""
    zoom, size = 2, int(diameter * 1.12)
    image = Image.new("L", (size * zoom,) * 2, 0)
    draw, c, r = ImageDraw.Draw(image), size * zoom / 2, diameter * zoom / 2

    def ring(radius, thick):
        draw.ellipse((c - radius, c - radius, c + radius, c + radius), outline=255, width=int(thick))

    ring(r, 9 * zoom)
    ring(r - 15 * zoom, 3 * zoom)
    ring(r * .60, 4 * zoom)
    font = ImageFont.truetype(f"{fonts_dir}/Arimo-Bold.ttf", r * .155)
    circle_text(image, top, font, r * .755, 0, 1.0)
    circle_text(image, bottom, font, r * .755, 180, 1.0, inward=True)
    for angle in (-112, 112):
        star(draw, c + r * .755 * math.sin(math.radians(angle)),
             c - r * .755 * math.cos(math.radians(angle)), r * .055)
    star(draw, c, c, r * .36)
    turn = rng.uniform(-14, 14) if turn is None else turn
    image = image.rotate(turn, Image.Resampling.BICUBIC).resize((size, size), Image.Resampling.BOX)
    return worn(np.asarray(image, np.float32) / 255, rng, pressure, rng.uniform(0, 6.28))


def urgency_stamp(text, fonts_dir, rng):
    """The framed word of Decree 30/2020, Appendix I, such as KHẨN."""
    image = Image.new("L", (760, 240), 0)
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 30, 730, 210), outline=255, width=10)
    draw.text((380, 122), text.upper(), 255, ImageFont.truetype(f"{fonts_dir}/Tinos-Bold.ttf", 116), anchor="mm")
    image = image.rotate(rng.uniform(-3, 3), Image.Resampling.BICUBIC).resize((380, 120), Image.Resampling.BOX)
    return worn(np.asarray(image, np.float32) / 255, rng, .78, rng.uniform(0, 6.28))


def arrival_stamp(organ, fonts_dir, rng, width=590, height=330):
    """The box `ĐẾN` that a registry puts on incoming letters; also the writing places."""
    zoom = 2
    image = Image.new("L", ((width + 20) * zoom, (height + 20) * zoom), 0)
    draw = ImageDraw.Draw(image)
    font = lambda points: ImageFont.truetype(f"{fonts_dir}/Arimo-Regular.ttf", points * zoom)
    bold = ImageFont.truetype(f"{fonts_dir}/Arimo-Bold.ttf", 46 * zoom)
    o = 10 * zoom
    draw.rectangle((o, o, o + width * zoom, o + height * zoom), outline=255, width=4 * zoom)
    draw.line((o, o + 62 * zoom, o + width * zoom, o + 62 * zoom), fill=255, width=3 * zoom)
    draw.text((o + width * zoom / 2, o + 31 * zoom), organ, 255, font(31), anchor="mm")
    draw.text((o + 105 * zoom, o + 150 * zoom), "ĐẾN", 255, bold, anchor="mm")
    for k, text in enumerate(("Số: ", "Ngày: ")):
        draw.text((o + 225 * zoom, o + (100 + 75 * k) * zoom), text + "." * (34 - len(text)), 255, font(32))
    draw.text((o + 25 * zoom, o + 252 * zoom), "Chuyển: " + "." * 44, 255, font(32))
    image = image.resize((width + 20, height + 20), Image.Resampling.BOX)
    return worn(np.asarray(image, np.float32) / 255, rng, .78, rng.uniform(0, 6.28))
