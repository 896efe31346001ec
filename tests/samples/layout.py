"""Typesetting of an administrative letter after Decree 30/2020, Appendix I.

The result is a list of `Page`s: black print as an 8-bit coverage mask, the
places where a pen or a stamp goes afterwards, and every printed line with its
box, in reading order. Nothing here knows of ink, paper or scanners.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

DPI = 300
WIDTH, HEIGHT = 2480, 3508


def mm(value):
    """Millimetres in pixels."""
    return value * DPI / 25.4


def pt(value):
    """Points in pixels."""
    return value * DPI / 72


LEFT, RIGHT = mm(30), WIDTH - mm(17)
TOP, BOTTOM = mm(20), HEIGHT - mm(20)


class Fonts:
    """The three Tinos faces, cached by size."""

    FILES = {"r": "Tinos-Regular.ttf", "b": "Tinos-Bold.ttf",
             "i": "Tinos-Italic.ttf", "bi": "Tinos-BoldItalic.ttf"}

    def __init__(self, folder):
        self.folder, self.cache = Path(folder), {}

    def __call__(self, face, points):
        key = face, points
        if key not in self.cache:
            path = self.folder / self.FILES[face]
            self.cache[key] = ImageFont.truetype(str(path), pt(points))
        return self.cache[key]


@dataclass
class Page:
    """One printed page before pen, stamp and scanner."""

    mask: Image.Image = field(default_factory=lambda: Image.new("L", (WIDTH, HEIGHT), 0))
    lines: list = field(default_factory=list)      # (text, (x0, y0, x1, y1))
    anchors: dict = field(default_factory=dict)    # name -> (x, y)

    def __post_init__(self):
        self.draw = ImageDraw.Draw(self.mask)


def plain(markup):
    """Text without the {b} {i} {/} marks."""
    return re.sub(r"\{(b|i|/)\}", "", markup)


def words_of(markup, face):
    """Splits markup into words; each word is a list of (face, text) pieces."""
    words, current, now = [], [], face
    for token in re.split(r"(\{(?:b|i|/)\}|\s+)", unicodedata.normalize("NFC", markup)):
        if not token:
            continue
        if token in ("{b}", "{i}"):
            now = token[1]
        elif token == "{/}":
            now = face
        elif token.isspace():
            if current:
                words.append(current)
            current = []
        else:
            current.append((now, token))
    if current:
        words.append(current)
    return words


class Setter:
    """Fills pages from top to bottom."""

    def __init__(self, fonts):
        self.fonts = fonts
        self.pages = []
        self.new_page()

    # -- primitives -------------------------------------------------------

    @property
    def page(self):
        return self.pages[-1]

    def new_page(self):
        self.pages.append(Page())
        self.y = TOP
        number = len(self.pages)
        if number > 1:
            self.line(str(number), WIDTH / 2 + mm(6), mm(10), 13, align="c")

    def width(self, text, points, face="r"):
        return self.fonts(face, points).getlength(text)

    def line(self, text, x, y, points, face="r", align="l"):
        """One line in one face; `y` is the top of the line. Returns its box."""
        text = unicodedata.normalize("NFC", text)
        width = self.width(text, points, face)
        x -= {"l": 0, "c": width / 2, "r": width}[align]
        self.page.draw.text((x, y), text, fill=255, font=self.fonts(face, points))
        box = (x, y, x + width, y + pt(points) * 1.15)
        self.page.lines.append((text, box))
        return box

    def rule(self, x0, x1, y, thick=3):
        self.page.draw.rectangle((x0, y, x1, y + thick - 1), fill=255)

    def wrap(self, markup, points, face, width, indent=0):
        """Greedy line breaking: a list of (words, natural width)."""
        space = self.width(" ", points)
        lines, current, used = [], [], indent
        for word in words_of(markup, face):
            long = sum(self.width(t, points, f) for f, t in word)
            if current and used + space + long > width:
                lines.append((current, used))
                current, used = [], 0
            used += (space if current else 0) + long
            current.append(word)
        lines.append((current, used))
        return lines

    def balanced(self, markup, points, face, width):
        """Centred lines of about equal length, no more of them than needed."""
        lines = self.wrap(markup, points, face, width)
        while True:
            width -= mm(2)
            tighter = self.wrap(markup, points, face, width)
            if len(tighter) > len(lines) or max(used for _, used in tighter) > width:
                break
            lines = tighter
        return [" ".join("".join(t for _, t in word) for word in words) for words, _ in lines]

    def set_words(self, words, x, y, points, extra):
        """Draws one broken line; `extra` pixels go between every two words."""
        start, space = x, self.width(" ", points)
        for word in words:
            for face, text in word:
                self.page.draw.text((x, y), text, fill=255, font=self.fonts(face, points))
                x += self.width(text, points, face)
            x += space + extra
        text = " ".join("".join(t for _, t in word) for word in words)
        self.page.lines.append((text, (start, y, x - space - extra, y + pt(points) * 1.15)))

    def paragraph(self, markup, points=14, face="r", indent=mm(10), align="j",
                  pitch=1.47, after=6, left=LEFT, right=RIGHT, keep=0):
        """A paragraph across pages; widows of one line are avoided."""
        lines = self.wrap(markup, points, face, right - left, indent)
        step = pt(points) * pitch
        for number, (words, used) in enumerate(lines):
            # neither the first nor the last line of a paragraph stands alone
            pair = len(lines) > 1 and number in (0, len(lines) - 2)
            needed = step * (2 if pair else 1) + keep
            if self.y + needed > BOTTOM:
                self.new_page()
                keep = 0
            last = number == len(lines) - 1
            slack = right - left - used
            extra = slack / (len(words) - 1) if align == "j" and not last and len(words) > 1 else 0
            x = left + (indent if number == 0 else 0)
            if align == "c":
                x = left + slack / 2
            self.set_words(words, x, self.y, points, extra)
            self.y += step
        self.y += pt(after)

    # -- composed parts ---------------------------------------------------

    def table(self, widths, rows, points=12, align="", after=9):
        """A ruled table; the first row is the head. `align`: one of lcr a column."""
        total = sum(widths)
        edges = [LEFT]
        for part in widths:
            edges.append(edges[-1] + (RIGHT - LEFT) * part / total)
        pad, step = mm(1.4), pt(points) * 1.28
        for number, row in enumerate(rows):
            face = "b" if number == 0 or row[0] == "" else "r"
            cells = [self.wrap(c, points, face, edges[k + 1] - edges[k] - 2 * pad)
                     for k, c in enumerate(row)]
            height = max(len(c) for c in cells) * step + 2 * pad
            if self.y + height > BOTTOM:
                self.new_page()
                number = 0 if number == 0 else -1
            top = self.y
            if number <= 0:
                self.rule(edges[0], edges[-1], top)
            for k, lines in enumerate(cells):
                place = "c" if face == "b" and row[0] else (align or "l" * len(row))[k]
                y = top + (height - len(lines) * step) / 2
                for words, used in lines:
                    slack = edges[k + 1] - edges[k] - 2 * pad - used
                    x = edges[k] + pad + slack * {"l": 0, "c": .5, "r": 1}[place]
                    if words:
                        self.set_words(words, x, y, points, 0)
                    y += step
            for x in edges:
                self.page.draw.rectangle((x, top, x + 2, top + height), fill=255)
            self.y = top + height
            self.rule(edges[0], edges[-1], self.y)
        self.y += pt(after)

    def head(self, doc):
        """Organ, motto, number, place and date, type name and subject."""
        middle_l, middle_r = LEFT + mm(34), RIGHT - mm(47)
        y = TOP
        for row in range(max(len(doc.organ), 2)):
            if row < len(doc.organ):
                face, text = doc.organ[row]
                box = self.line(text, middle_l, y, 13, face, "c")
                organ_end = y + pt(13) * 1.3
                organ_width = box[2] - box[0]
            if row == 0:
                self.line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", middle_r, y, 12.5, "b", "c")
            if row == 1:
                box = self.line("Độc lập - Tự do - Hạnh phúc", middle_r, y, 13.5, "b", "c")
                self.rule(box[0], box[2], y + pt(13.5) * 1.32)
            y += pt(13) * 1.3
        self.rule(middle_l - organ_width * .22, middle_l + organ_width * .22, organ_end + pt(1))
        y += pt(8)
        self.number_line(doc, middle_l, y)
        self.date_line(doc, middle_r, y)
        date_y = y
        y += pt(13) * 1.35
        if doc.type_name == "Công văn":
            for text in self.balanced("V/v " + doc.subject, 12, "r", mm(68)):
                self.line(text, middle_l, y, 12, "r", "c")
                y += pt(12) * 1.25
            self.page.anchors["arrival"] = (middle_r - mm(20), date_y + mm(9))
            self.page.anchors["urgency"] = (middle_l - mm(23), y + mm(2))
            self.y = y + pt(14) + (mm(17) if doc.arrival else 0)
            return
        self.y = y + pt(12)
        centre = (LEFT + RIGHT) / 2
        self.line(doc.type_name.upper(), centre, self.y, 14, "b", "c")
        self.y += pt(14) * 1.3
        for text in self.balanced(doc.subject, 14, "b", mm(132)):
            self.line(text, centre, self.y, 14, "b", "c")
            self.y += pt(14) * 1.3
        self.rule(centre - mm(22), centre + mm(22), self.y + pt(2))
        self.y += pt(14)

    def number_line(self, doc, centre, y):
        """`Số: n/...`; a gap instead of n when it is written by hand."""
        notation = "/" + doc.code_notation
        if not doc.hand_number:
            self.line(f"Số: {doc.code_number}{notation}", centre, y, 13, "r", "c")
            return
        head, gap = self.width("Số: ", 13), mm(11)
        x = centre - (head + gap + self.width(notation, 13)) / 2
        self.page.draw.text((x, y), "Số:", fill=255, font=self.fonts("r", 13))
        self.page.draw.text((x + head + gap, y), notation, fill=255, font=self.fonts("r", 13))
        end = x + head + gap + self.width(notation, 13)
        self.page.lines.append((f"Số: {notation}", (x, y, end, y + pt(13) * 1.15)))
        self.page.anchors["number"] = (x + head + mm(.5), y + pt(13) * .95)

    def date_line(self, doc, centre, y):
        """Place and date in italics; gaps when day and month are by hand."""
        day, month, year = doc.issued_date.split("/")
        if not doc.hand_date:
            text = f"{doc.place}, ngày {day} tháng {month} năm {year}"
            self.line(text, centre, y, 13.5, "i", "c")
            return
        parts, gap = [f"{doc.place}, ngày ", "tháng ", f"năm {year}"], mm(9.5)
        widths = [self.width(p, 13.5, "i") for p in parts]
        x = start = centre - (sum(widths) + 2 * gap) / 2
        for name, part, width in zip(("day", "month", None), parts, widths):
            self.page.draw.text((x, y), part, fill=255, font=self.fonts("i", 13.5))
            x += width
            if name:
                self.page.anchors[name] = (x + mm(1), y + pt(13.5) * .95)
                x += gap
        text = "".join(parts)
        self.page.lines.append((text, (start, y, x, y + pt(13.5) * 1.15)))

    def address(self, receivers):
        """`Kính gửi:` with one receiver in line or several as a list."""
        if len(receivers) == 1:
            self.line(f"Kính gửi: {receivers[0]}.", (LEFT + RIGHT) / 2, self.y, 14, "r", "c")
            self.y += pt(14) * 1.5
        else:
            x = LEFT + mm(30)
            self.line("Kính gửi:", x, self.y, 14)
            self.y += pt(14) * 1.35
            for number, receiver in enumerate(receivers):
                end = "." if number == len(receivers) - 1 else ";"
                self.line(f"- {receiver}{end}", x + mm(12), self.y, 14)
                self.y += pt(14) * 1.35
        self.y += pt(6)

    def foot(self, doc):
        """Recipients on the left, position and name of the signer on the right."""
        self.y += pt(6)
        if self.y + mm(66) > BOTTOM + mm(4):
            self.new_page()
        centre = RIGHT - mm(40)
        y = self.y
        for text in doc.capacity:
            self.line(text, centre, y, 13.5, "b", "c")
            y += pt(13.5) * 1.28
        self.page.anchors["signature"] = (centre + mm(2), y + mm(16))
        self.line(doc.signer_name, centre, y + mm(32), 14, "b", "c")
        y = self.y
        self.line("Nơi nhận:", LEFT, y, 12, "bi")
        y += pt(12) * 1.3
        for number, text in enumerate(doc.recipients):
            end = "." if number == len(doc.recipients) - 1 else ";"
            self.line(f"- {text}{end}", LEFT, y, 11)
            y += pt(11) * 1.28


def set_document(doc, fonts):
    """Typesets one document: its pages."""
    setter = Setter(fonts)
    setter.head(doc)
    if doc.address:
        setter.address(doc.address)
    for kind, *rest in doc.body:
        if kind == "p":
            setter.paragraph(rest[0])
        elif kind == "h":
            setter.paragraph(rest[0], face="b", keep=pt(50))
        elif kind == "c":
            setter.paragraph(rest[0], face="b", indent=0, align="c", keep=pt(50))
        elif kind == "ci":
            setter.paragraph(rest[0], face="i", indent=0, align="c", keep=pt(50))
        elif kind == "t":
            setter.table(*rest)
    end = setter.page.lines[-1][1]
    setter.page.anchors["paraph"] = (end[2] + mm(4), end[3])
    setter.foot(doc)
    return setter.pages
