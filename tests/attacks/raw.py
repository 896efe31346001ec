"""Bytes of a PDF, as an attacker without keys handles them: objects are found with pikepdf, revisions are appended by hand."""

import io
import re

import pikepdf


def opened(data):
    return pikepdf.open(io.BytesIO(data))


def startxref(data) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


def spelled(data, number) -> bytes:
    """The body of the newest version of an object that is written by itself."""
    at = [m.end() for m in re.finditer(rb"(?<![0-9])%d 0 obj" % number, data)][-1]
    return data[at:data.index(b"endobj", at)].strip()


def facts(data) -> dict:
    """Numbers of the objects that attacks are about."""
    with opened(data) as pdf:
        page = pdf.pages[0].obj
        number = lambda item: item.objgen[0] if item is not None and item.is_indirect else None
        contents = page.get("/Contents")
        if isinstance(contents, pikepdf.Array):
            contents = contents[0]
        form = pdf.Root.get("/AcroForm")
        fields = [number(field) for field in form.Fields] if form is not None else []
        found = {
            "root": number(pdf.Root), "pages": number(pdf.Root.Pages), "page": number(page), "contents": number(contents),
            "form": number(form), "fields": fields, "metadata": number(pdf.Root.get("/Metadata")),
            "info": number(pdf.trailer.get("/Info")), "size": int(pdf.trailer.Size),
            "signatures": [number(f.V) for f in form.Fields if "/V" in f] if form is not None else [],
        }
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                kind = item.get("/Subtype")
                found.setdefault("image" if kind == "/Image" else "look" if kind == "/Form" else "stream", number(item))
            elif isinstance(item, pikepdf.Dictionary):
                if item.get("/Type") in ("/Font", "/FontDescriptor"):
                    found.setdefault(str(item.Type)[1:].lower(), number(item))
                    for key in ("/FontFile2", "/ToUnicode"):
                        if key in item:
                            found.setdefault(key[1:].lower(), number(item[key]))
        return found


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<" + entries + b"/Length %d>>stream\n" % len(content) + content + b"\nendstream"


def with_key(body: bytes, key: bytes, value: bytes | None) -> bytes:
    """A dictionary with one key set to another value or taken out; the first `>>` at its own depth ends it."""
    pattern = rb"/" + key + rb"(?![A-Za-z0-9])\s*(?:\[[^\[\]]*(?:\[[^\]]*\][^\[\]]*)*\]|<<.*?>>|\d+ \d+ R|/[^\s/<>\[\]()]+|\([^)]*\)|<[^>]*>|[-+.\w]+)"
    bare = re.sub(pattern, b"", body, count=1, flags=re.S)
    if value is None:
        return bare
    return b"<</" + key + b" " + value + bare[2:]


class Revision:
    """One appended revision with a table of its own."""

    def __init__(self, data: bytes, *, prev=None, root=None, entries=b"", lead=b"", tail=b""):
        self.data, self.prev, self.root = data, prev, root
        self.objects, self.lines = [], {}
        self.entries, self.lead, self.tail = entries, lead, tail
        self.size = facts(data)["size"]
        self.next = self.size

    def put(self, number, body: bytes, generation=0):
        self.objects.append((number, generation, body))
        return self

    def add(self, body: bytes) -> int:
        number, self.next = self.next, self.next + 1
        self.put(number, body)
        return number

    def line(self, number, text: bytes):
        self.lines[number] = text
        return self

    def free(self, number):
        return self.line(number, b"0000000000 00001 f")

    def finish(self, unlisted=()) -> bytes:
        out = bytearray(self.data)
        if not out.endswith((b"\n", b"\r")):
            out += b"\n"
        out += self.lead
        for number, generation, body in self.objects:
            if number not in unlisted:
                self.lines.setdefault(number, b"%010d %05d n" % (len(out), generation))
            out += b"%d %d obj\n" % (number, generation) + body + b"\nendobj\n"
        at = len(out)
        out += b"xref\n" + b"".join(b"%d 1\n%s \n" % item for item in sorted(self.lines.items()))
        if not self.lines:
            out += b"0 0\n"
        size = max([self.next, self.size, *(number + 1 for number in self.lines)])
        root = b"/Root %d 0 R" % (self.root or facts(self.data)["root"])
        prev = b"/Prev %d" % (startxref(self.data) if self.prev is None else self.prev)
        keep = trailer_entries(self.data)
        out += b"trailer\n<</Size %d" % size + root + prev + keep + self.entries + b">>\n" + self.tail
        out += b"startxref\n%d\n%%%%EOF\n" % at
        return bytes(out)


def trailer_entries(data: bytes) -> bytes:
    """/Info and /ID as the newest trailer spells them."""
    at = startxref(data)
    end = data.index(b"startxref", at)
    text = data[at:end]
    if text.startswith(b"xref"):
        text = text[text.index(b"trailer"):]
    else:
        text = text[:text.index(b"stream")]
    found = [re.search(rb"/Info \d+ \d+ R", text), re.search(rb"/ID\s*\[[^\]]*\]", text)]
    return b"".join(m.group() for m in found if m)


def ends(data: bytes) -> list[int]:
    """Positions behind each %%EOF and its end of line."""
    return [m.end() for m in re.finditer(rb"%%EOF[\r\n]{0,2}", data)]
