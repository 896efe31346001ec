"""What is measured on a page: CPU time, colour of the stamp, characters read."""

import os
import resource
import subprocess
import unicodedata
from pathlib import Path

import numpy as np
from PIL import Image


def cpu(command, environment=None) -> float:
    """Runs a command and gives the CPU seconds of it and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env={**os.environ, **(environment or {})})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak_memory(command):
    """Runs a command and gives its largest resident size in MB and its elapsed seconds."""
    out = subprocess.run(["/usr/bin/time", "-f", "%M %e", *map(str, command)], capture_output=True, text=True, check=True)
    kilobytes, seconds = out.stderr.strip().splitlines()[-1].split()
    return int(kilobytes) / 1000, float(seconds)


def lab(rgb):
    """sRGB to CIELAB, D65."""
    v = rgb.astype(np.float64) / 255
    v = np.where(v <= .04045, v / 12.92, ((v + .055) / 1.055) ** 2.4)
    matrix = np.array([[.4124, .3576, .1805], [.2126, .7152, .0722], [.0193, .1192, .9505]])
    xyz = v @ matrix.T / np.array([.9505, 1, 1.089])
    f = np.where(xyz > .008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def stamp_difference(truth: Image.Image, shown: Image.Image, box) -> float:
    """Mean CIE76 over the reddish pixels of the stamp's box."""
    a, b = (np.asarray(image.convert("RGB").crop(box)) for image in (truth, shown))
    r, g, blue = (a[..., i].astype(int) for i in range(3))
    red = (r > g + 50) & (r > blue + 40)
    return float(np.sqrt(((lab(a[red]) - lab(b[red])) ** 2).sum(-1)).mean())


def rendered(pdf: Path, page: int, folder: Path, size) -> Image.Image:
    """A page at 300 dpi; mutool, since pdftoppm resamples pictures that fit the grid."""
    out = folder / f"{pdf.stem}-{page}.png"
    subprocess.run(["mutool", "draw", "-q", "-r", "300", "-o", out, pdf, str(page)], check=True,
                   stderr=subprocess.DEVNULL)
    image = Image.open(out).convert("RGB")
    return image if image.size == size else image.resize(size)


def language() -> str:
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True).stdout
    return "vie" if "vie" in listed.split() else "eng"


def read(image: Image.Image, folder: Path, lang: str) -> str:
    source = folder / "ocr.png"
    image.save(source, dpi=(300, 300))
    return subprocess.run(["tesseract", source, "-", "-l", lang, "--psm", "3"], capture_output=True, text=True,
                          env={**os.environ, "OMP_THREAD_LIMIT": "1"}).stdout


def words(text: str):
    return unicodedata.normalize("NFC", text).split()


def missing(known: str, text: str) -> float:
    """Share, in percent, of the characters of the known words that were not read: the order of the columns is left out."""
    from collections import Counter
    wanted, found = Counter(words(known)), Counter(words(text))
    lost = sum(len(word) * count for word, count in (wanted - found).items())
    return 100 * lost / max(1, sum(len(word) * count for word, count in wanted.items()))
