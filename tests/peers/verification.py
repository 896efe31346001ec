#!/usr/bin/env python3
"""Speed of verification: verification.py BINARY [--results FILE]

Files signed by pyHanko, checked by scanseal (one process, many files) and by pyHanko's API (one process, strict, the same root), in
one run. CPU time is of all threads; memory is the largest resident size of a process that checks one file.
"""

import argparse
import datetime
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pikepdf

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "trust"), str(HERE)]

import signing  # noqa: E402
from asn1crypto import x509  # noqa: E402
from pki import crl, extended, issue  # noqa: E402
from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: E402
from pyhanko.sign.validation import validate_pdf_signature  # noqa: E402
from pyhanko_certvalidator import ValidationContext  # noqa: E402

FILES, ROUNDS = 200, 20


def page_of(size):
    """A page with so many bytes of a picture that does not compress."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    page.Contents = pdf.make_stream(b"q Q")
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=pdf.make_stream(os.urandom(size))))
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def shapes():
    root = issue("Root", ca=True, key=2048)
    person = issue("A", root, key=2048)
    tsa = issue("TSA", root, key=2048, more=[extended("1.3.6.1.5.5.7.3.8")])

    def signed(size, **options):
        signing.page = lambda: page_of(size)
        return signing.signed(person, **options)
    small = signed(45_000)
    long_term = signing.with_evidence(signed(30_000, tsa=tsa), lists=[crl(root)], certificates=[root.der])
    large = signed(5_000_000 - 15_000)
    return root, {"60 KB, B-B": (small, FILES), "60 KB, B-LT": (long_term, FILES), "5 MB, B-B": (large, FILES // 4)}


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ours(binary, root, paths):
    """CPU and elapsed seconds a file."""
    cpu, start = children(), time.monotonic()
    done = subprocess.run([binary, "verify", "--json", "--trust", root, *paths], capture_output=True, text=True)
    elapsed = time.monotonic() - start
    assert done.returncode == 0 and done.stdout.count('"valid"') >= len(paths), done.stdout[:600] + done.stderr[:600]
    return (children() - cpu) / len(paths), elapsed / len(paths)


def theirs(root, data):
    anchor = x509.Certificate.load(root.der)

    def once():
        context = ValidationContext(trust_roots=[anchor], allow_fetching=False)
        embedded = PdfFileReader(io.BytesIO(data), strict=True).embedded_signatures[0]
        assert validate_pdf_signature(embedded, context).bottom_line
    once()
    before = time.process_time()
    for _ in range(ROUNDS):
        once()
    return (time.process_time() - before) / ROUNDS


def memory(command):
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], capture_output=True, text=True)
    return int(done.stderr.strip().splitlines()[-1]) / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--results", type=Path)
    given = parser.parse_args()
    binary = given.binary.resolve()
    root, files = shapes()
    rows = []
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as temporary:
        folder = Path(temporary)
        (folder / "root.pem").write_bytes(root.pem())
        for title, (data, count) in files.items():
            paths = [folder / f"{title[:2].strip()}-{index}.pdf" for index in range(count)]
            for path in paths:
                path.write_bytes(data)
            cpu, elapsed = min(ours(binary, folder / "root.pem", paths) for _ in range(3))
            peer = min(theirs(root, data) for _ in range(2))
            peak = memory([binary, "verify", "--trust", folder / "root.pem", paths[0]])
            size = len(data) / 1000
            rows.append(f"| {title} ({size:,.0f} KB) | {cpu * 1000:.2f} | {peer * 1000:.2f} | **{peer / cpu:.1f}** | {1 / elapsed:,.0f} | "
                        f"{cpu / elapsed:.2f} | {peak:.0f} | {peak - size / 1000:.0f} |")
            for path in paths:
                path.unlink()
    text = "\n".join([
        "# Speed of verification\n",
        f"`tests/run verify`, {datetime.date.today().isoformat()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end. RSA-2048, files on a "
        "memory disk, revocation offline. Best of three runs of scanseal, of two of pyHanko 0.38.\n",
        "| file | scanseal, CPU ms | pyHanko, CPU ms | ratio | files/s | cores used | peak MB | peak over the file, MB |",
        "|---|---|---|---|---|---|---|---|", *rows, ""])
    print(text)
    if given.results:
        given.results.write_text(text)


if __name__ == "__main__":
    main()
