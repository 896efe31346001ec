#!/usr/bin/env python3
"""CPU time of scanseal with text recognition against Tesseract alone on the same images, and the words that readers find.

tests/run ocr   prints tests/results/ocr.md. CPU time is user and system time of a process and its children; the tools take
turns, page by page, and only ratios within one run mean anything.
"""
import datetime
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/judges"))
import words as judge  # noqa: E402

SCANSEAL = ROOT / "target/release/scanseal"
PAGES = ["scan_0001.jpg", "scan_0002.jpg", "scan_0003.jpg", "scan_0004.jpg", "scan_0005.jpg", "scan_0006.jpg", "CV_den_0412.jpg"]
ROUNDS = 2


def cpu(*command) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=judge.ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(folder: Path) -> dict[str, float]:
    """Mean CPU seconds a page."""
    sums = dict.fromkeys(("scanseal", "scanseal without text", "tesseract on the JPEG", "tesseract on grey PGM"), 0.0)
    for turn in range(ROUNDS):
        for name in PAGES:
            scan, grey = ROOT / "scans" / name, folder / "grey.pgm"
            Image.open(scan).convert("L").save(grey)
            language = ("-l", "vie+eng", "--dpi", "300")
            out = folder / f"{turn}-{name}"
            sums["tesseract on the JPEG"] += cpu("tesseract", scan, "-", *language, "hocr")
            sums["scanseal"] += cpu(SCANSEAL, "convert", scan, "-o", f"{out}.pdf")
            sums["tesseract on grey PGM"] += cpu("tesseract", grey, "-", *language, "hocr")
            sums["scanseal without text"] += cpu(SCANSEAL, "convert", scan, "-o", f"{out}.plain.pdf", "--no-ocr")
    return {name: total / ROUNDS / len(PAGES) for name, total in sums.items()}


def grey_pages(folder: Path) -> list[Path]:
    pages = []
    for name in PAGES:
        page = folder / f"{Path(name).stem}.png"
        Image.open(ROOT / "scans" / name).convert("L").save(page, dpi=(300, 300))
        pages.append(page)
    return pages


def main():
    version = subprocess.run(["tesseract", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    print(f"# Text recognition, {datetime.date.today()}\n")
    print(f"`tests/run ocr`: {len(PAGES)} colour pages of the samples, 300 dpi, {version} (vie+eng), OMP_THREAD_LIMIT=1, {ROUNDS} rounds.\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds = measure(folder)
        rows = judge.compare(SCANSEAL, grey_pages(folder))
    base = seconds["tesseract on the JPEG"]
    print("| CPU seconds a page | | against Tesseract on the JPEG |")
    print("|---|---|---|")
    for tool, value in seconds.items():
        print(f"| {tool} | {value:.2f} | {100 * (value / base - 1):+.0f} % |")
    print("\nscanseal gives Tesseract a grey picture on its standard input, which it reads faster than a colour JPEG.\n")
    print("| words found by | of Tesseract's own on the same pixels | not found | other | equal |")
    print("|---|---|---|---|---|")
    for tool, total, missing, extra in rows:
        print(f"| {tool} | {total} | {missing} | {extra} | {100 * (1 - missing / total):.2f} % |")


if __name__ == "__main__":
    main()
