#!/usr/bin/env python3
"""Small inputs to begin with: seeds.py BINARY FOLDER"""

import hashlib
import io
import sys
import tempfile
from pathlib import Path

import pikepdf
from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "trust"), str(HERE.parent / "attacks")]

from pki import answer, crl, extended, issue  # noqa: E402
from signing import document_stamp, page, signed, with_evidence  # noqa: E402


def pdfs(root, person, tsa):
    plain = page()
    once = signed(person)
    stamped = signed(person, tsa=tsa)
    long_term = with_evidence(stamped, lists=[crl(root)], answers=[answer(person, root)], certificates=[root.der])
    yield from [plain, once, stamped, long_term, document_stamp(long_term, tsa)]
    for options in (dict(object_stream_mode=pikepdf.ObjectStreamMode.generate), dict(linearize=True)):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(plain)) as pdf:
            pdf.save(out, **options)
        yield out.getvalue()


def containers(root, person, tsa, files):
    for data in files:
        for part in data.split(b"/Contents <")[1:]:
            digits = part[:part.index(b">")].rstrip(b"0")
            yield bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    yield from [root.der, person.der, tsa.der, crl(root), crl(root, [(person.serial, person.certificate.not_valid_before_utc, "keyCompromise")])]
    yield answer(person, root)


def pictures(plain):
    small = Image.radial_gradient("L").resize((24, 24))
    for form, mode, options in [("JPEG", "RGB", {}), ("JPEG", "L", dict(progressive=True)), ("JPEG", "CMYK", {}), ("PNG", "RGB", {}), ("PNG", "P", {}),
                                ("PNG", "1", {}), ("TIFF", "1", dict(compression="group4")), ("TIFF", "1", dict(compression="group3")),
                                ("TIFF", "RGB", dict(compression="tiff_lzw")), ("TIFF", "L", dict(compression="jpeg")),
                                ("TIFF", "RGB", dict(compression="tiff_adobe_deflate")), ("TIFF", "RGB", dict(compression="packbits"))]:
        out = io.BytesIO()
        small.convert(mode).save(out, form, dpi=(200, 200), **options)
        yield out.getvalue()
    for mode in ("RGB", "1"):
        out = io.BytesIO()
        small.convert(mode).save(out, "PDF", resolution=200)
        yield out.getvalue()
    yield plain


def main():
    folder = Path(sys.argv[2])
    root = issue("Root", ca=True)
    person, tsa = issue("A", root), issue("TSA", root, key=2048, more=[extended("1.3.6.1.5.5.7.3.8")])
    files = list(pdfs(root, person, tsa))
    seeds = {"pdf": files, "cms": containers(root, person, tsa, files), "intake": pictures(files[0])}
    for target, contents in seeds.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for content in contents:
            (folder / target / hashlib.sha1(content).hexdigest()).write_bytes(content)
        print(target, len(list((folder / target).iterdir())))


if __name__ == "__main__":
    main()
