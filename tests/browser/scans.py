"""Twenty letters as a clerk scans them, two of them with a fault that has to be noticed: `scans.py OUT [COUNT] [SEED]`.

03 lies beside the stop, so that its left side is cut off; 11 is scanned with 100 dots per inch. One name is HTML.
"""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/samples"))

import letters  # noqa: E402
from PIL import Image  # noqa: E402

FONTS = "/usr/share/fonts/truetype/croscore"


def cut(image):
    """Text runs over the left edge of the scan."""
    width, height = image.size
    out = image.crop((width - 30, 0, width, height)).resize(image.size)
    out.paste(image.crop((width // 6, 0, width, height)), (0, 0))
    return out


def main():
    out = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20261130
    out.mkdir(parents=True, exist_ok=True)
    for number, letter in enumerate(letters.letters(count, seed, FONTS), 1):
        image = letter.image.convert("RGB")
        image = cut(image) if number == 3 else image
        dpi = 100 if number == 11 else 200
        name = "thư 05 <img src=x onerror=alert(1)>.jpg" if number == 5 else f"thư {number:02}.jpg"
        size = (image.width * dpi // 300, image.height * dpi // 300)
        image.resize(size, Image.LANCZOS).save(out / name, "JPEG", quality=80, dpi=(dpi, dpi))


if __name__ == "__main__":
    main()
