#!/usr/bin/env python3
"""Sizes and CPU time of scanseal and its peers on the sample scans, in one run.   tests/run peers

Prints a table for tests/results/. Text recognition is off everywhere, so that compression is compared with compression.
CPU time is user and system time of the process and its children; only ratios within one run mean anything.
"""
import datetime
import glob
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import img2pdf
import pikepdf

ROOT = Path(__file__).resolve().parents[2]
SCANSEAL = ROOT / "target/release/scanseal"
JUDGE = ROOT / "tests/judges/pdfa_check.py"
SETS = {
    "colour JPEG": ["scan_0001.jpg", "scan_0002.jpg", "scan_0003.jpg", "scan_0004.jpg", "scan_0005.jpg", "scan_0006.jpg", "CV_den_0412.jpg"],
    "black and white G4": ["QD_57_UBND.tif"],
}


def cpu(command) -> float:
    """Runs a command and gives the CPU seconds of it and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def wrap(files, out):
    with open(out, "wb") as f:
        f.write(img2pdf.convert([str(file) for file in files]))


def tools(files, folder: Path):
    wrapped = folder / "wrapped.pdf"
    wrap(files, wrapped)
    ocr = ["--tesseract-timeout", "0", "--output-type", "pdfa-2", "--quiet"]
    for name in ("normal", "small", "high"):
        out = folder / f"scanseal-{name}.pdf"
        yield f"scanseal {name}", [SCANSEAL, "convert", *files, "-o", out, "--class", name, "--no-ocr"], out
    for level in ("1", "3"):
        out = folder / f"ocrmypdf-{level}.pdf"
        yield f"ocrmypdf -O{level}", [sys.executable, "-m", "ocrmypdf", "-O", level, *ocr, wrapped, out], out
    out = folder / "gs.pdf"
    yield "Ghostscript /ebook", ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-dPDFSETTINGS=/ebook", f"-sOutputFile={out}", wrapped], out


def main():
    print(f"# Compression against peers, {datetime.date.today()}\n")
    print("`tests/run peers`, text recognition off; KB is 1,000 bytes. PDF/A by `tests/judges/pdfa_check.py`.\n")
    for title, names in SETS.items():
        files = [ROOT / "scans" / name for name in names]
        with tempfile.TemporaryDirectory() as folder:
            rows = []
            for name, command, out in tools(files, Path(folder)):
                seconds = cpu(command)
                with pikepdf.open(out) as pdf:
                    pages = len(pdf.pages)
                good = subprocess.run([sys.executable, JUDGE, out], stdout=subprocess.DEVNULL).returncode == 0
                rows.append((name, os.path.getsize(out) / pages / 1000, seconds / pages, good))
        base = rows[0]
        size = sum(os.path.getsize(f) for f in files) / pages / 1000
        print(f"## {title}, 300 dpi A4, {pages} pages, {size:.0f} KB a page as scanned\n")
        print("| tool | KB/page | size against scanseal | CPU s/page | CPU against scanseal | PDF/A-2b |")
        print("|---|---|---|---|---|---|")
        for name, kb, seconds, good in rows:
            verdict = "passes" if good else "fails"
            print(f"| {name} | {kb:.1f} | {kb / base[1]:.2f} | {seconds:.2f} | {seconds / base[2]:.1f} | {verdict} |")
        print()


if __name__ == "__main__":
    main()
