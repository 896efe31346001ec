"""Writes pages with known faults, stamps and decoys: `python quality_pages.py SET COUNT SEED OUT_DIR [--fonts DIR]`.

Sets: skew, turn, blank, pale, ink, mark, fault, twin, form. `truth.jsonl` in OUT_DIR has a line for each page with what was drawn.
Needs pillow, numpy and the Tinos and Arimo fonts (Debian: fonts-croscore). Same seed, same pixels.
"""

import argparse
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import ink
import layout
import quality_ink as kinds
import quality_scan as scan
from documents import DOCUMENTS
from layout import mm, pt

LATIN = ("The office keeps the paper of these days in one folder until every page has been compared with the register. "
         "Anybody who finds a page missing tells the clerk before noon. Copies are made from the folder only, never from a "
         "picture, and the hour of each visit is written beside the name of the visitor. Nothing leaves the room unsigned.")


class Maker:
    """Random letters, inked and scanned."""

    def __init__(self, seed, fonts_dir):
        self.rng = np.random.default_rng(seed)
        self.fonts_dir, self.fonts = fonts_dir, layout.Fonts(fonts_dir)
        self.noise = scan.Noise(seed + 1)
        self.paragraphs = [b for d in DOCUMENTS for b in d.body if b[0] == "p"]
        self.tables = [b for d in DOCUMENTS for b in d.body if b[0] == "t"]
        self.backs = []

    def letter(self):
        """A letter of shuffled paragraphs: its typeset pages."""
        rng = self.rng
        doc = DOCUMENTS[rng.integers(len(DOCUMENTS))]
        body = [self.paragraphs[k] for k in rng.choice(len(self.paragraphs), int(rng.integers(2, 14)), replace=False)]
        if rng.random() < .05:
            body = [("p", LATIN)] * int(rng.integers(2, 5))
        if rng.random() < .3:
            body.insert(int(rng.integers(len(body))), self.tables[rng.integers(len(self.tables))])
        return layout.set_document(replace(doc, body=body, arrival=(), code_number=str(rng.integers(1, 2000))), self.fonts)

    def page(self):
        """A random page of a random letter."""
        pages = self.letter()
        return pages[self.rng.integers(len(pages))]

    def last(self):
        """The page that is signed."""
        return next(p for p in self.letter()[::-1] if "signature" in p.anchors)

    def sheet(self, page):
        return scan.printed(page.mask, self.rng.uniform(.78, .95))

    def back(self):
        """A printed page for shining through, of a small stock."""
        if len(self.backs) < 8:
            paper = self.sheet(self.last())
            scan.lay(paper, kinds.seal(self.rng, self.fonts_dir), *self.rng.integers((900, 1800), (1600, 2600)), kinds.red(self.rng))
            self.backs.append(paper)
        return self.backs[self.rng.integers(len(self.backs))]

    def capture(self, paper, skew=None, turn=0, dpi=None, **more):
        """What the scanner makes of the sheet; the truth of the page as far as it is the scanner's."""
        rng = self.rng
        skew = round(float(rng.normal(0, .8)), 3) if skew is None else skew
        dpi = int(rng.choice((200, 200, 300, 150))) if dpi is None else dpi
        lid = scan.WHITE if rng.random() < .6 else tuple(int(v) for v in rng.integers(225, 250) * np.ones(3))
        if rng.random() < .12:
            lid = (40, 40, 42)
        tone = tuple(np.array((.96, .95, .93)) + rng.normal(0, .02) + rng.normal(0, .008, 3))
        scan.specks(paper, rng, int(rng.integers(0, 30)))
        options = {"lid": lid, "tone": tone, "blur": rng.uniform(.5, .95), "strength": rng.uniform(.8, 3.2)} | more
        image = scan.scanned(paper, rng, self.noise, skew, turn, dpi, **options)
        return image, {"skew": skew, "turn": turn, "dpi": dpi, "lid": int(lid[0])}

    # -- sets -------------------------------------------------------------

    def skew(self, index):
        image, truth = self.capture(self.sheet(self.page()), skew=round(float(self.rng.uniform(-5, 5)), 3))
        return image, truth

    def turn(self, index):
        image, truth = self.capture(self.sheet(self.page()), turn=index % 4, skew=round(float(self.rng.normal(0, 1.2)), 3))
        return image, truth

    def sparse(self):
        """A page with hardly anything on it, which is not blank for that."""
        rng, page = self.rng, layout.Page()
        kind = ["page_number", "one_line", "two_words", "pencil_like"][rng.integers(4)]
        y = rng.uniform(300, 3000)
        if kind == "page_number":
            page.draw.text((layout.WIDTH / 2, 130 if rng.random() < .5 else 3340), str(rng.integers(1, 40)), 255, self.fonts("r", 13))
        elif kind == "two_words":
            page.draw.text((rng.uniform(300, 1600), y), "Lưu: VT.", 255, self.fonts("r", 11))
        else:
            page.draw.text((420, y), "Trang này kết thúc phụ lục kèm theo công văn", 255, self.fonts("r", 13))
        return kind, scan.printed(page.mask, .5 if kind == "pencil_like" else rng.uniform(.7, .95))

    def blank(self, index):
        rng = self.rng
        if index % 2:
            if rng.random() < .4:
                kind, paper = self.sparse()
            elif rng.random() < .15:
                kind, paper = "stamp_only", Image.new("RGB", (layout.WIDTH, layout.HEIGHT), scan.WHITE)
                scan.lay(paper, kinds.seal(rng, self.fonts_dir), *rng.integers((200, 200), (1800, 2900)), kinds.red(rng))
            elif rng.random() < .2:
                kind, paper = "pale_text", scan.printed(self.page().mask, rng.uniform(.42, .55))
            else:
                kind, paper = "text", self.sheet(self.page())
            if rng.random() < .5:
                paper = scan.show_through(paper, self.back(), rng, rng.uniform(.04, .14))
            image, truth = self.capture(paper)
            return image, truth | {"blank": False, "kind": kind}
        paper = Image.new("RGB", (layout.WIDTH, layout.HEIGHT), scan.WHITE)
        kinds_ = []
        if rng.random() < .7:
            paper = scan.show_through(paper, self.back(), rng, rng.uniform(.04, .20))
            kinds_.append("show_through")
        if rng.random() < .4:
            scan.holes(paper, rng, (60, 60, 62) if rng.random() < .5 else (235, 236, 238))
            kinds_.append("holes")
        if rng.random() < .15:
            scan.staple(paper, rng)
            kinds_.append("staple")
        image, truth = self.capture(paper)
        return image, truth | {"blank": True, "kind": "+".join(kinds_) or "clean"}

    def pale(self, index):
        """Print that hardly takes light, a page of it or a few words, on the front or on the back of another page."""
        rng = self.rng
        darkness = rng.uniform(.14, .30)
        if index % 2:
            paper = scan.printed(self.page().mask, darkness)
        else:
            page = layout.Page()
            for k in range(int(rng.integers(1, 4))):
                page.draw.text((420, 700 + 90 * k), "Trang này kết thúc phụ lục kèm theo công văn", 255, self.fonts("r", 13))
            paper = scan.printed(page.mask, darkness)
        if rng.random() < .5:
            paper = scan.show_through(paper, self.back(), rng, rng.uniform(.04, .12))
        image, truth = self.capture(paper)
        return image, truth | {"blank": False, "kind": "page" if index % 2 else "lines", "darkness": round(darkness, 3)}

    def seal_at(self, paper, page, where, mask, truth):
        """Lays a seal where its kind belongs."""
        rng = self.rng
        h, w = mask.shape
        x, y = page.anchors["signature"]
        place = {"sign": (x - w * rng.uniform(.75, 1.0), y - h / 2 + rng.normal(0, 25)),
                 "treo": (layout.LEFT + mm(rng.uniform(8, 24)) - w / 2 + mm(10), layout.TOP + rng.uniform(-60, 90)),
                 "edge": (layout.WIDTH - w - rng.integers(0, 14), rng.uniform(700, 2600)),
                 "cut": (layout.WIDTH - w * rng.uniform(.55, .8), y - h / 2)}[where]
        scan.lay(paper, mask, *place, kinds.red(rng))
        truth["stamps"].append(where)

    SEALS = ["clear", "clear", "faded", "half_inked", "cut", "double", "treo", "giap_lai"]
    SIGNS = ["blue", "blue", "blue_thin", "black", "black_thin"]
    DECOYS = ["none", "red_underline", "red_logo", "blue_logo", "black_logo", "arrival", "title_stamp", "urgency",
              "red_ring", "red_tick", "hand_number", "letterhead", "blue_text", "qr", "red_text"]

    def ink(self, index):
        rng = self.rng
        page, truth = self.last(), {"stamps": [], "stamp": None, "sign": None, "decoys": []}
        paper = self.sheet(page)
        seal = self.SEALS[rng.integers(len(self.SEALS))] if rng.random() < .55 else None
        sign = self.SIGNS[rng.integers(len(self.SIGNS))] if rng.random() < .55 else None
        for decoy in {self.DECOYS[k] for k in rng.integers(0, len(self.DECOYS), int(rng.integers(1, 4)))} - {"none"}:
            self.decoy(paper, page, decoy)
            truth["decoys"].append(decoy)
        if sign:
            mask, dx, dy = kinds.signature(rng, sign.endswith("thin"))
            x, y = page.anchors["signature"]
            scan.lay(paper, mask, x + dx + rng.normal(0, 20), y + dy + rng.normal(0, 12),
                     kinds.blue(rng) if sign.startswith("blue") else kinds.black(rng))
        if seal:
            mask = kinds.seal(rng, self.fonts_dir, rng.uniform(.30, .45) if seal == "faded" else None)
            if seal == "half_inked":
                mask = kinds.half_inked(mask, rng)
            if seal == "double":
                mask = kinds.doubled(mask, rng)
            if seal == "giap_lai":
                mask = kinds.slice_of(mask, rng)
            where = {"treo": "treo", "giap_lai": "edge", "cut": "cut"}.get(seal, "sign")
            self.seal_at(paper, page, where, mask, truth)
        truth |= {"stamp": seal, "sign": sign}
        if rng.random() < .25:
            paper = scan.show_through(paper, self.back(), rng, rng.uniform(.03, .10))
        image, more = self.capture(paper, dpi=int(rng.choice((200, 300))))
        return image, more | truth

    def decoy(self, paper, page, kind):
        rng, fonts = self.rng, self.fonts_dir
        width, height = layout.WIDTH, layout.HEIGHT
        somewhere = rng.uniform(250, 1500), rng.uniform(500, 2600)
        if kind == "red_underline":
            mask, x, y = kinds.underline(rng, mm(rng.uniform(25, 110)))
            scan.lay(paper, mask, somewhere[0] + x, somewhere[1] + y, kinds.red(rng))
        elif kind.endswith("_logo"):
            x, y = (rng.uniform(150, 500), rng.uniform(100, 300)) if rng.random() < .7 else (rng.uniform(1700, 2100), rng.uniform(2900, 3150))
            for mask, colour in kinds.logo(rng, kind):
                scan.lay(paper, mask, x, y, colour)
        elif kind == "arrival":
            colour = [(.55, .14, .30), (.80, .12, .18), (.15, .2, .6)][rng.integers(3)]
            mask = ink.arrival_stamp("UBND XÃ MƯỜNG LAM", fonts, rng)
            x, y = rng.uniform(250, 1500), rng.uniform(480, 1100)
            scan.lay(paper, mask, x, y, colour)
            for text, dx, dy in ((str(rng.integers(100, 999)), 310, 132), ("05/11", 350, 208)):
                digits, left, top = ink.handwriting(text, x + dx, y + dy, rng, 44)
                scan.lay(paper, digits, left, top, kinds.blue(rng))
        elif kind == "title_stamp":
            x, y = page.anchors["signature"]
            colour = kinds.red(rng) if rng.random() < .7 else kinds.blue(rng)
            mask = kinds.words(kinds.TITLES[rng.integers(5)], rng, fonts, 14)
            scan.lay(paper, mask, x - mask.shape[1] / 2, y - mm(27), colour)
            mask = kinds.words(kinds.NAMES[rng.integers(6)], rng, fonts, 14)
            scan.lay(paper, mask, x - mask.shape[1] / 2, y + mm(22), colour)
        elif kind == "urgency":
            mask = kinds.framed(kinds.URGENT[rng.integers(3)], rng, fonts)
            scan.lay(paper, mask, rng.uniform(250, 700), rng.uniform(500, 800), kinds.red(rng))
        elif kind == "red_ring":
            mask, x, y = kinds.ring_by_hand(rng)
            scan.lay(paper, mask, somewhere[0] + x, somewhere[1] + y, kinds.red(rng))
        elif kind == "red_tick":
            for _ in range(int(rng.integers(1, 5))):
                mask, x, y = kinds.tick(rng)
                scan.lay(paper, mask, 180 + x, rng.uniform(500, 2800) + y, kinds.red(rng))
        elif kind == "hand_number":
            mask, x, y = ink.handwriting(str(rng.integers(10, 2000)), rng.uniform(500, 700), 420, rng)
            scan.lay(paper, mask, x, y, kinds.blue(rng))
        elif kind == "letterhead":
            bar = np.ones((int(rng.integers(12, 60)), width - 600), np.float32) * .95
            scan.lay(paper, bar, 300, rng.uniform(60, 130), (.8, .1, .14) if rng.random() < .5 else (.1, .25, .6))
        elif kind in ("blue_text", "red_text"):
            colour = (.08, .15, .62) if kind == "blue_text" else (.82, .08, .12)
            for k in range(int(rng.integers(1, 4))):
                mask = kinds.words("Địa chỉ thư điện tử của đơn vị", rng, fonts, 12, "Tinos-Regular.ttf", .95)
                scan.lay(paper, mask, somewhere[0], height - 420 + 70 * k, colour)
        elif kind == "qr":
            scan.lay(paper, kinds.code_square(rng), 280, height - 600, (.1, .1, .1))

    def mark(self, index):
        """Framed words: secret ones, urgent ones, none."""
        rng, page = self.rng, self.letter()[0]
        paper = self.sheet(page)
        kind = index % 3
        words = (kinds.SECRET[rng.integers(3)], kinds.URGENT[rng.integers(3)], None)[kind]
        if words:
            mask = kinds.framed(words, rng, self.fonts_dir, rng.uniform(.5, .9))
            scan.lay(paper, mask, rng.uniform(250, 800), rng.uniform(470, 800), kinds.red(rng))
        else:
            self.decoy(paper, page, ["arrival", "red_ring", "red_logo", "letterhead", "red_text"][rng.integers(5)]
                       if "signature" in page.anchors else "arrival")
        if rng.random() < .5:
            scan.lay(paper, kinds.seal(rng, self.fonts_dir), rng.uniform(1000, 1400), rng.uniform(2200, 2800), kinds.red(rng))
        image, more = self.capture(paper, dpi=int(rng.choice((200, 300))))
        return image, more | {"mark": words}

    FAULTS = ["none", "none", "blurred", "dark", "pale", "cut_left", "cut_right", "cut_bottom", "small", "border"]

    def fault(self, index):
        rng, kind = self.rng, self.FAULTS[index % len(self.FAULTS)]
        paper, more = self.sheet(self.page()), {}
        if kind == "blurred":
            more["blur"] = rng.uniform(3.2, 5.5)
        if kind == "dark":
            more["light"] = rng.uniform(.35, .55)
        if kind == "pale":
            paper = scan.printed(self.page().mask, rng.uniform(.16, .25))
        if kind == "small":
            paper = paper.resize((int(paper.width * .8), int(paper.height * .8)), Image.Resampling.BOX)
        if kind == "border":
            draw, wide = ImageDraw.Draw(paper), int(rng.uniform(40, 140))
            side = rng.integers(3)
            draw.rectangle([(0, 0, wide, paper.height), (paper.width - wide, 0, paper.width, paper.height),
                            (0, 0, paper.width, wide)][side], fill=(28, 28, 30))
        dpi = int(rng.choice((200, 300)))
        if "blur" in more:
            more["blur"] *= dpi / 300
        image, truth = self.capture(paper, skew=round(float(rng.normal(0, .5)), 3), dpi=dpi, **more)
        if kind.startswith("cut"):
            image = self.beside(image, kind, dpi / 300)
            kind += "" if self.is_cut(image, kind) else " (nothing printed there)"
        return image, truth | {"fault": kind}

    def is_cut(self, image, kind):
        """Whether print stands on the line of the cut."""
        grey = np.asarray(image.convert("L"), np.int16)
        line = {"cut_left": grey[:, :2], "cut_right": grey[:, -2:], "cut_bottom": grey[-2:]}[kind]
        return int((line < np.median(grey) - 70).sum()) > 5

    def beside(self, image, kind, scale):
        """The sheet lay beside the stop: a part of it is off the glass, and bare lid is on the other side."""
        rng, (w, h) = self.rng, image.size
        off = int(scale * {"cut_left": rng.uniform(440, 700), "cut_right": rng.uniform(280, 600),
                           "cut_bottom": rng.uniform(1300, 1700)}[kind])
        box, to, lid = {"cut_left": ((off, 0, w, h), (0, 0), (w - 30, 0, w, h)),
                        "cut_right": ((0, 0, w - off, h), (off, 0), (0, 0, 30, h)),
                        "cut_bottom": ((0, 0, w, h - off), (0, off), (0, 0, w, 30))}[kind]
        out = image.crop(lid).resize(image.size)
        out.paste(image.crop(box), to)
        return out

    def twin(self, index):
        """Every other page is the page before it, put on the glass once more."""
        if index % 2 == 0:
            page = self.last() if self.rng.random() < .5 else self.page()
            self.kept = self.sheet(page)
            if "signature" in page.anchors:
                mask, dx, dy = kinds.signature(self.rng)
                scan.lay(self.kept, mask, page.anchors["signature"][0] + dx, page.anchors["signature"][1] + dy, kinds.blue(self.rng))
        image, truth = self.capture(self.kept.copy(), dpi=int(self.rng.choice((200, 300))))
        return image, truth | {"sheet": index // 2}


    LABELS = ["Họ và tên người đề nghị:", "Ngày, tháng, năm sinh:", "Số định danh cá nhân:", "Nơi thường trú:",
              "Số điện thoại liên hệ:", "Nội dung đề nghị giải quyết:", "Hồ sơ kèm theo gồm có:", "Ngày nộp hồ sơ:",
              "Ngày hẹn trả kết quả:", "Người nhận thay (nếu có):", "Số tiền đã nộp:", "Ghi chú của bộ phận một cửa:"]
    NUMBERS = (1, 2, 4, 7, 8, 10)

    def printed_form(self):
        """A printed form: heading, labels with dotted lines, a table, and where hands write in it."""
        rng, page, fields = self.rng, layout.Page(), []
        text = lambda x, y, words, face="r", size=13: page.draw.text((x, y), words, 255, self.fonts(face, size))
        text(layout.LEFT, 250, "UBND XÃ MƯỜNG LAM", "b")
        text(900, 420, f"PHIẾU TIẾP NHẬN HỒ SƠ SỐ {rng.integers(1, 9)}", "b", 15)
        step, y = rng.uniform(125, 150), 620.0
        for k in rng.permutation(len(self.LABELS))[:int(rng.integers(8, 13))]:
            text(layout.LEFT, y, self.LABELS[k])
            start = layout.LEFT + self.fonts("r", 13).getlength(self.LABELS[k]) + 20
            text(start, y, "." * int((layout.WIDTH - 260 - start) / 13.6))
            fields.append((start + 20, y + 44, k in self.NUMBERS))
            y += step
        for row in range(5):
            page.draw.line((layout.LEFT, y + 110 * row, layout.WIDTH - 240, y + 110 * row), 255, 4)
            if row < 4:
                fields.append((layout.LEFT + 900, y + 110 * row + 80, True))
        for x in (layout.LEFT, layout.LEFT + 850, layout.WIDTH - 240):
            page.draw.line((x, y, x, y + 440), 255, 4)
        text(1500, y + 500, "NGƯỜI NỘP HỒ SƠ", "b")
        fields.append((1650, y + 640, None))
        return page, fields

    def filled(self, page, fields):
        """The form with other words, numbers and another signature, by one pen."""
        rng, paper = self.rng, self.sheet(page)
        colour = kinds.blue(rng) if rng.random() < .6 else kinds.black(rng)
        for x, y, number in fields:
            if number is None:
                mask, dx, dy = kinds.signature(rng)
                scan.lay(paper, mask, x + dx + rng.normal(0, 25), y + dy + rng.normal(0, 12), colour)
            elif rng.random() < .9:
                x += rng.uniform(0, 60)
                if number:
                    mask, x, y = ink.handwriting(str(rng.integers(10 ** 3, 10 ** int(rng.integers(4, 10)))), x, y, rng, 46)
                else:
                    mask, x, y = kinds.words_by_hand(rng, x, y, mm(rng.uniform(25, 90)))
                scan.lay(paper, mask, x, y, colour)
        return paper

    def form(self, index):
        """Six pages of each printed form: four filled in by different hands, then the first and the third once more."""
        if index % 6 == 0:
            blank = self.printed_form()
            self.filled_in = [self.filled(*blank) for _ in range(4)]
        own = (0, 1, 2, 3, 0, 2)[index % 6]
        image, truth = self.capture(self.filled_in[own].copy(), dpi=int(self.rng.choice((200, 300))))
        return image, truth | {"form": index // 6, "sheet": index // 6 * 4 + own}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set")
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--fonts", default="/usr/share/fonts/truetype/croscore")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    maker = Maker(options.seed, options.fonts)
    with open(options.out / "truth.jsonl", "w", encoding="utf-8") as truth:
        for index in range(options.count):
            image, known = getattr(maker, options.set)(index)
            name = f"{options.set}-{index:04}.jpg"
            image.save(options.out / name, "JPEG", quality=int(maker.rng.integers(70, 90)), dpi=(known["dpi"],) * 2)
            truth.write(json.dumps({"file": name, "set": options.set} | known, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
