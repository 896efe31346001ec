"""Text that is shown, seen or unseen: every code stands for a character (level U, ISO 19005-2 6.2.11.7.2), glyph 0 is never
shown (6.2.11.8), and widths are those of the font program (6.2.11.5).

`text_faults(pdf)` walks the content of every page and of the forms that it paints, with the fonts that are named there.
"""
import io
import re

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Name

NO_CHARACTERS = {"0000", "FEFF", "FFFE"}


def mapped(font) -> dict[int, str]:
    """Codes with the UTF-16 that they stand for, out of bfchar and bfrange sections."""
    text = font.ToUnicode.read_bytes().decode("latin-1")
    codes = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, value in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", section):
            codes[int(code, 16)] = value.upper()
    for section in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, value in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", section):
            for i in range(int(last, 16) - int(first, 16) + 1):
                codes[int(first, 16) + i] = f"{int(value, 16) + i:0{len(value)}X}"
    return codes


def glyph_of(font):
    """From a code to a glyph: Identity-H, then /CIDToGIDMap."""
    table = font.DescendantFonts[0].get(Name.CIDToGIDMap)
    if table == Name.Identity or table is None:
        return lambda code: code
    data = table.read_bytes()
    return lambda code: int.from_bytes(data[2 * code : 2 * code + 2], "big")


def widths(font):
    """From a code to its width by /W and /DW (ISO 32000-1 9.7.4.3)."""
    given = {}
    entries = list(font.get(Name.W, []))
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0)
        if isinstance(second, pikepdf.Array):
            given.update({first + i: float(width) for i, width in enumerate(second)})
        else:
            width = float(entries.pop(0))
            given.update({code: width for code in range(first, int(second) + 1)})
    default = float(font.get(Name.DW, 1000))
    return lambda code: given.get(code, default)


def advances(font):
    """From a glyph to its width in the font program, in thousandths; none without a TrueType program."""
    program = font.FontDescriptor.get(Name.FontFile2)
    if program is None:
        return None
    ttf = TTFont(io.BytesIO(program.read_bytes()))
    order, unit = ttf.getGlyphOrder(), ttf["head"].unitsPerEm
    return lambda glyph: ttf["hmtx"][order[glyph]][0] * 1000 / unit if glyph < len(order) else None


class Font:
    def __init__(self, font):
        self.composite = font.get(Name.Subtype) == Name.Type0
        self.named = Name.ToUnicode in font
        self.codes = mapped(font) if self.named else {}
        self.identity = self.composite and font.get(Name.Encoding) == Name("/Identity-H")
        self.glyph = glyph_of(font) if self.composite else None
        self.width = widths(font.DescendantFonts[0]) if self.composite else None
        self.advance = advances(font.DescendantFonts[0]) if self.composite else None

    def faults(self, shown: bytes):
        if not self.named:
            yield "6.2.11.7.2 a font without ToUnicode shows text"
            return
        if self.composite and not self.identity:
            yield "6.2.11.3.3 an encoding other than Identity-H is not judged here"
            return
        step = 2 if self.composite else 1
        for at in range(0, len(shown), step):
            code = int.from_bytes(shown[at : at + step], "big")
            value = self.codes.get(code)
            if value is None:
                yield f"6.2.11.7.2 code {code:04X} stands for no character"
            elif value in NO_CHARACTERS:
                yield f"6.2.11.7.2 code {code:04X} stands for U+{value}"
            if self.composite and self.glyph(code) == 0:
                yield f"6.2.11.8 code {code:04X} shows .notdef"
            advance = self.advance(self.glyph(code)) if self.advance else None
            if advance is not None and abs(advance - self.width(code)) > 1:
                yield f"6.2.11.5 code {code:04X} is {self.width(code)} wide, {advance} in the program"


def walk(holder, resources, faults: set, depth=0):
    fonts = {name: Font(font) for name, font in (resources.get(Name.Font) or {}).items()}
    current = None
    for operands, operator in pikepdf.parse_content_stream(holder):
        name = str(operator)
        if name == "Tf":
            current = fonts.get(str(operands[0]))
        elif name in ("Tj", "'", '"', "TJ"):
            shown = operands[-1]
            strings = [s for s in shown if isinstance(s, pikepdf.String)] if name == "TJ" else [shown]
            for string in strings:
                if current is None:
                    faults.add("6.2.2 text without a font that the page names")
                else:
                    faults.update(current.faults(bytes(string)))
        elif name == "Do" and depth < 8:
            form = (resources.get(Name.XObject) or {}).get(str(operands[0]))
            if form is not None and form.get(Name.Subtype) == Name.Form:
                walk(form, form.get(Name.Resources, resources), faults, depth + 1)


def text_faults(pdf: pikepdf.Pdf) -> list[str]:
    faults: set = set()
    for page in pdf.pages:
        walk(page, page.get(Name.Resources, {}), faults)
    return sorted(faults)
