"""From print and ink to a scanner's picture, quickly: whole pages in pillow's own operations, noise from prepared tiles."""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

WHITE = (255, 255, 255)


class Noise:
    """Tiles of sensor noise, cut at random places so that no two pages share theirs."""

    def __init__(self, seed, side=4200):
        rng = np.random.default_rng(seed)
        plain = rng.standard_normal((side, side), np.float32)
        self.tile = np.clip(128 + plain * 20, 0, 255).astype(np.uint8)
        self.side = side

    def cut(self, rng, size, strength):
        x, y = (int(rng.integers(0, self.side - s)) for s in size)
        part = Image.fromarray(self.tile[y:y + size[1], x:x + size[0]])
        return part.point([int(round(128 + (v - 128) * strength / 20)) for v in range(256)])


def rgb(colour):
    return tuple(int(round(255 * c)) for c in colour)


def printed(mask, darkness=.9):
    """Laser print on white."""
    soft = mask.filter(ImageFilter.GaussianBlur(.6)).point([int(min(255, max(0, (v - 70) * 2.2)) * darkness) for v in range(256)])
    return Image.merge("RGB", [ImageChops.invert(soft)] * 3)


def lay(paper, mask, x, y, colour):
    """Multiplies ink onto the paper; `mask` is coverage 0..1, `x`, `y` its top left corner."""
    mask = Image.fromarray((np.clip(mask, 0, 1) * 255).astype(np.uint8))
    layer = Image.new("RGB", mask.size, WHITE)
    layer.paste(rgb(colour), (0, 0), mask)
    x, y = int(x), int(y)
    box = (max(0, x), max(0, y), min(paper.width, x + mask.width), min(paper.height, y + mask.height))
    if box[2] <= box[0] or box[3] <= box[1]:
        return
    part = layer.crop((box[0] - x, box[1] - y, box[2] - x, box[3] - y))
    paper.paste(ImageChops.multiply(paper.crop(box), part), box[:2])


def show_through(paper, other, rng, strength):
    """The other side of the sheet shines through: mirrored, soft, pale."""
    ghost = other.transpose(Image.Transpose.FLIP_LEFT_RIGHT).filter(ImageFilter.GaussianBlur(rng.uniform(2.2, 4.5)))
    ghost = ghost.point([int(255 - (255 - v) * strength) for v in range(256)] * 3)
    return ImageChops.multiply(paper, ghost)


def holes(paper, rng, lid):
    """Two or four punch holes in the left or right margin, the lid seen through them."""
    draw, r = ImageDraw.Draw(paper), rng.uniform(32, 38)
    x = rng.uniform(120, 170) if rng.random() < .6 else paper.width - rng.uniform(120, 170)
    gap = 945 if rng.random() < .7 else 472
    middle = paper.height / 2 + rng.normal(0, 40)
    for k in ((-.5, .5) if gap == 945 else (-1.5, -.5, .5, 1.5)):
        y = middle + k * gap
        draw.ellipse((x - r, y - r, x + r, y + r), fill=lid)


def specks(paper, rng, count):
    """Dust."""
    draw = ImageDraw.Draw(paper)
    for _ in range(count):
        x, y, r = rng.integers(20, paper.width - 20), rng.integers(20, paper.height - 20), rng.uniform(.6, 2.6)
        v = int(rng.uniform(70, 190))
        draw.ellipse((x - r, y - r, x + r * rng.uniform(.7, 1.3), y + r), fill=(v, v - 4, v - 8))


def staple(paper, rng):
    """A staple or its two holes in the upper left corner."""
    draw = ImageDraw.Draw(paper)
    x, y, long = rng.uniform(90, 170), rng.uniform(90, 170), rng.uniform(105, 140)
    a = rng.uniform(-.9, -.5)
    end = (x + long * np.cos(a), y - long * np.sin(a))
    if rng.random() < .5:
        draw.line((x, y, *end), fill=(120, 122, 126), width=6)
    for px, py in ((x, y), end):
        draw.ellipse((px - 5, py - 5, px + 5, py + 5), fill=(90, 88, 84))


def scanned(paper, rng, noise, skew=0.0, turn=0, dpi=300, lid=WHITE, tone=(.95, .94, .91), blur=.75, light=1.0,
            strength=2.0, grey=False):
    """Skew in degrees clockwise, then quarter turns clockwise, light, optics, sensor."""
    sheet = Image.new("L", paper.size, 255)
    if skew:
        paper = paper.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=lid)
        sheet = sheet.rotate(-skew, Image.Resampling.BILINEAR, fillcolor=0)
        edge = sheet.filter(ImageFilter.BoxBlur(5)).point([255 - int(.2 * v) for v in range(256)])
        edge = ImageChops.lighter(edge, sheet)
        paper = ImageChops.multiply(paper, Image.merge("RGB", [edge] * 3))
    if dpi != 300:
        size = (round(paper.width * dpi / 300), round(paper.height * dpi / 300))
        paper = paper.resize(size, Image.Resampling.BOX if dpi < 200 else Image.Resampling.BILINEAR)
    paper = paper.filter(ImageFilter.GaussianBlur(blur * dpi / 300 if blur < 1 else blur))
    if turn:
        paper = paper.transpose([None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180,
                                 Image.Transpose.ROTATE_90][turn])
    x, y = np.linspace(0, 1, 64), np.linspace(0, 1, 64)[:, None]
    lamp = .02 * (x - .5) * rng.uniform(-1, 1) + .025 * (y - .45) * rng.uniform(-1, 1) - .10 * np.exp(-x / .02) * rng.random()
    shade = [Image.fromarray(np.clip(255 * t * light * (1 + lamp), 0, 255).astype(np.uint8)) for t in tone]
    paper = ImageChops.multiply(paper, Image.merge("RGB", [s.resize(paper.size, Image.Resampling.BICUBIC) for s in shade]))
    tile = noise.cut(rng, paper.size, strength)
    if grey:
        return ImageChops.add(paper.convert("L"), tile, 1, -128)
    other = noise.cut(rng, paper.size, strength)
    return ImageChops.add(paper, Image.merge("RGB", [tile, other, tile]), 1, -128)
