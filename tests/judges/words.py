#!/usr/bin/env python3
"""Words that readers find in the text layer against Tesseract's own output on the same pixels.   words.py SCANSEAL IMAGE...

The images have to be grey PNG files near 300 dpi, so that Tesseract and the program read the very same samples. Prints a table;
exit 0 if poppler and mutool find at least 99.5 % of the words; pdf.js too, where SCANSEAL_PDFJS names the folder of its modules.
"""
import collections
import os
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

LEAST = 0.995
ENVIRONMENT = {**os.environ, "OMP_THREAD_LIMIT": "1"}


def words(text: str) -> collections.Counter:
    return collections.Counter(unicodedata.normalize("NFC", text).split())


def out(*command) -> str:
    run = subprocess.run([str(part) for part in command], check=True, capture_output=True, env=ENVIRONMENT)
    return run.stdout.decode()


def compare(scanseal: str, images: list[Path]) -> list[tuple[str, int, int, int]]:
    """Reader, words of Tesseract, words not found, words that Tesseract does not have."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "out.pdf"
        out(scanseal, "convert", *images, "-o", pdf, "-q")
        wanted = words("\n".join(out("tesseract", image, "-", "-l", "vie+eng", "--dpi", "300") for image in images))
        readers = {
            "pdftotext": ("pdftotext", pdf, "-"),
            "pdftotext -raw": ("pdftotext", "-raw", pdf, "-"),
            "mutool": ("mutool", "draw", "-q", "-F", "txt", pdf),
        }
        modules = os.environ.get("SCANSEAL_PDFJS")
        if modules:
            readers["pdf.js"] = ("node", Path(__file__).parent / "pdfjs_words.mjs", modules, pdf)
        rows = []
        for name, command in readers.items():
            found = words(out(*command))
            rows.append((name, wanted.total(), (wanted - found).total(), (found - wanted).total()))
        return rows


def main() -> int:
    rows = compare(sys.argv[1], [Path(image) for image in sys.argv[2:]])
    print("| reader | words of Tesseract | not found | other | equal |")
    print("|---|---|---|---|---|")
    for name, total, missing, extra in rows:
        print(f"| {name} | {total} | {missing} | {extra} | {100 * (1 - missing / total):.2f} % |")
    return int(any(missing > (1 - LEAST) * total for _, total, missing, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
