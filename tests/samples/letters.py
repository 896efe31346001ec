"""Signed and stamped letters of new seeds, with the truth: what a sensor without noise would have seen.

    letters(count, seed, fonts_dir)   yields Letter(image, truth, text, boxes)
"""

import dataclasses
from dataclasses import dataclass

import numpy as np
from PIL import Image

import generate
import layout
import scanner
from documents import DOCUMENTS


@dataclass
class Letter:
    """One page: the scan, the truth (both RGB), its printed text, and boxes of what was stamped and written."""

    image: Image.Image
    truth: Image.Image
    text: str
    boxes: dict


def letters(count, seed, fonts_dir):
    """The signed pages of the sample letters in turn, each time with another stamp, pen, paper and skew."""
    fonts = layout.Fonts(fonts_dir)
    made = 0
    while made < count:
        base = DOCUMENTS[made % len(DOCUMENTS)]
        doc = dataclasses.replace(base, form="jpeg", seed=seed * 1000 + made, edge_stamp=False,
                                  tone=base.tone if base.tone != (1., 1., 1.) else (.955, .95, .93), noise=1.5)
        rng = np.random.default_rng(doc.seed)
        page = layout.set_document(doc, fonts)[-1]          # the page that is signed
        angle = round(float(rng.uniform(.25, 1.45) * rng.choice((-1, 1))), 2)
        paper = scanner.print_page(page.mask, rng)
        boxes, _ = generate.pen_and_stamp(doc, page, paper, rng, fonts_dir, 0, 1, None)
        out = scanner.seen(paper, rng, doc, angle)
        truth = Image.fromarray(np.clip(out * 255 + .5, 0, 255).astype(np.uint8))
        turned = {name: [generate.turned(box, angle) for box in all_] for name, all_ in boxes.items()}
        yield Letter(scanner.sensed(out, rng, doc), truth, "\n".join(text for text, _ in page.lines), turned)
        made += 1
