#!/usr/bin/env python3
"""Feeds every made input to scanseal and writes the table tests/results/formats.md.

A page is right when the converted PDF, rendered by another program, looks like the source: the mean difference a channel
stays under the bound of its case, and the size of the page is the size of the sheet.
"""
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys

from PIL import Image, ImageChops, ImageStat

import make

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCANSEAL = ROOT / "target" / "release" / "scanseal"
WORK = ROOT / "tests" / ".work" / "formats"
RESULTS = ROOT / "tests" / "results" / "formats.md"
HUGE = 1_000  # pages of the large TIFF


def scanseal(*args, **more):
    return subprocess.run([SCANSEAL, *map(str, args), "--lang", "en"], capture_output=True, text=True, **more)


def events(done):
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def workspace():
    folder = WORK / "ws"
    done = scanseal("init", folder, "--profile", "drill")
    assert done.returncode == 0, done.stderr
    done = scanseal("outage", "open", "SC-1", "--workspace", folder)
    assert done.returncode == 0, done.stderr
    return folder


def taken_in(cases, folder):
    """What `scan` said about each file: its error code, or state, findings and document."""
    done = scanseal("scan", *[WORK / "in" / c.name for c in cases], "--outage", "SC-1", "--workspace", folder, "--json")
    digests = {}
    for case in cases:
        # Two tools may write the very same file; it is then one document with two names.
        digests.setdefault(hashlib.sha256((WORK / "in" / case.name).read_bytes()).hexdigest(), []).append(case.name)
    said = {}
    for event in events(done):
        if event["event"] == "error":
            said[event.get("file")] = {"code": event["code"]}
        elif event["event"] == "document":
            for digest in event["source_sha256"]:
                for name in digests[digest]:
                    said[name] = {"code": None, "state": event["state"], "document": event["document"],
                                  "findings": [f["code"] for f in event["findings"]], "pages": event["pages"]}
    return said


def difference(ours, wanted):
    stat = ImageStat.Stat(ImageChops.difference(ours.convert("RGB"), wanted))
    return sum(stat.mean) / 3


def rendered(case, number):
    """Converts, renders with poppler, compares: differences of the pages, geometry, words for the table."""
    out = WORK / "out" / f"{number}.pdf"
    done = scanseal("convert", WORK / "in" / case.name, "-o", out, "--class", "high")
    if done.returncode != 0:
        return None, False, done.stderr.strip().splitlines()[0]
    prefix = out.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(make.DPI), "-png", out, prefix], check=True, capture_output=True)
    pages = sorted(out.parent.glob(f"{number}-*.png"))
    if len(pages) != len(case.looks):
        return None, False, f"{len(pages)} pages"
    worst, right = 0.0, True
    for page, look in zip(pages, case.looks):
        image, wanted = Image.open(page), LOOKS[look]
        right &= abs(image.width - wanted.width) <= 1 and abs(image.height - wanted.height) <= 1
        worst = max(worst, difference(image.resize(wanted.size), wanted))
    return worst, right, ""


def row(case, said, number):
    told = said.get(case.name, {"code": "nothing was said"})
    if case.expected == "pages":
        if told.get("code"):
            return False, f"refused: {told['code']}", "", ""
        worst, right, words = rendered(case, number)
        if worst is None:
            return False, words, "", ""
        found = [f for f in told["findings"] if f not in ("field_missing", "dpi_low", "colour_missing")]
        good = worst <= case.most and right and (not case.finding or case.finding in found)
        return good, f"{len(case.looks)} page(s) {' '.join(sorted(set(found)))}", f"{worst:.2f}", "right" if right else "WRONG"
    if case.expected == "held":
        held = told.get("state") == "held" and case.finding in told.get("findings", [])
        return held, f"{told.get('state')}: {' '.join(told.get('findings', []))}", "", ""
    return told.get("code") == case.expected, f"refused: {told.get('code')}" if told.get("code") else "taken in", "", ""


def stays_held(said, folder):
    """A document with a broken page can neither be accepted nor built."""
    document = said["broken-strip.tif"]["document"]
    accepted = scanseal("edit", document, "accept=page_broken", "--workspace", folder, "--json")
    built = scanseal("build", document, "--workspace", folder, "--json")
    codes = [[e["code"] for e in events(done) if e["event"] == "error"] for done in (accepted, built)]
    return codes == [["page_broken"], ["page_broken"]], codes


def measured(*args):
    done = subprocess.run(["/usr/bin/time", "-v", SCANSEAL, *map(str, args)], capture_output=True, text=True)
    peak = int(re.search(r"Maximum resident set size \(kbytes\): (\d+)", done.stderr).group(1))
    wall = re.search(r"Elapsed .*: ([\d:.]+)", done.stderr).group(1)
    return done.returncode, peak * 1024 / 1e6, wall


def huge_tiff(target):
    """1,000 pages of JPEG in a classic TIFF, about 1 GB: the sample scan at 300 dpi, every page with its own bytes."""
    page = WORK / "_huge.jpg"
    Image.open(make.SOURCE).save(page, quality=90, dpi=(300, 300))
    jpeg = page.read_bytes()
    width, height = Image.open(page).size
    write_stack(target, jpeg, width, height)


def write_stack(target, jpeg, width, height):
    import struct
    with open(target, "wb") as file:
        file.write(b"II*\0\0\0\0\0")
        link = 4
        for number in range(HUGE):
            # A comment segment makes the bytes of every page different.
            own = jpeg[:2] + b"\xff\xfe\0\x0a" + b"%08d" % number + jpeg[2:]
            at = file.tell()
            file.write(own + b"\0" * (len(own) % 2))
            bits = file.tell()
            file.write(struct.pack("<HHH", 8, 8, 8) + b"\0\0" + struct.pack("<IIII", 300, 1, 300, 1))
            directory = file.tell()
            entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, bits), (259, 3, 1, 7), (262, 3, 1, 6),
                       (273, 4, 1, at), (277, 3, 1, 3), (278, 4, 1, height), (279, 4, 1, len(own)),
                       (282, 5, 1, bits + 8), (283, 5, 1, bits + 16), (296, 3, 1, 2)]
            file.write(struct.pack("<H", len(entries)))
            for tag, kind, count, value in entries:
                file.write(struct.pack("<HHII", tag, kind, count, value))
            file.seek(link)
            file.write(struct.pack("<I", directory))
            link = directory + 2 + 12 * len(entries)
            file.seek(0, 2)
            file.write(struct.pack("<I", 0))


def huge_pdf(target, pages):
    """A PDF of about 2 GB: the same scan as JPEG of the highest quality, `pages` times, each with its own stream."""
    page = WORK / "_huge.jpg"
    Image.open(make.SOURCE).save(page, quality=100, subsampling=0, dpi=(300, 300))
    jpeg = page.read_bytes()
    width, height = Image.open(page).size
    places = []
    with open(target, "wb") as file:
        def put(body):
            places.append(file.tell())
            file.write(b"%d 0 obj\n" % len(places) + body + b"\nendobj\n")
        file.write(b"%PDF-1.5\n")
        put(b"<</Type/Catalog/Pages 2 0 R>>")
        kids = b" ".join(b"%d 0 R" % (3 + 3 * i) for i in range(pages))
        put(b"<</Type/Pages/MediaBox[0 0 595.2 841.92]/Count %d/Kids[%s]>>" % (pages, kids))
        for i in range(pages):
            number = 3 + 3 * i
            put(b"<</Type/Page/Parent 2 0 R/Contents %d 0 R/Resources<</XObject<</I %d 0 R>>>>>>" % (number + 1, number + 2))
            content = b"q 595.2 0 0 841.92 0 0 cm /I Do Q"
            put(b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content))
            own = jpeg[:2] + b"\xff\xfe\0\x0a" + b"%08d" % i + jpeg[2:]
            head = b"<</Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length %d>>\nstream\n"
            put(head % (width, height, len(own)) + own + b"\nendstream")
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
        file.write(b"".join(b"%010d 00000 n \n" % at for at in places))
        file.write(b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))


def huge():
    """Lines of the table of large inputs."""
    WORK.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, make_it in (("stack.tif", huge_tiff), ("stack.pdf", lambda t: huge_pdf(t, 660))):
        folder = WORK / f"huge-{name[-3:]}"
        shutil.rmtree(folder, ignore_errors=True)
        target = WORK / name
        make_it(target)
        scanseal("init", folder, "--profile", "drill")
        scanseal("outage", "open", "SC-1", "--workspace", folder)
        size = target.stat().st_size / 1e9
        for command in (["scan", target, "--outage", "SC-1"], ["build"]):
            code, peak, wall = measured(*command, "--workspace", folder)
            print(name, command[0], code, peak, wall, flush=True)
            lines.append(f"| {name}, {size:.2f} GB | `/usr/bin/time -v scanseal {command[0]} ...` | {code} | {peak:.0f} | {wall} |")
        shutil.rmtree(folder)
        target.unlink()
    return lines


def main():
    global LOOKS
    shutil.rmtree(WORK, ignore_errors=True)
    (WORK / "out").mkdir(parents=True)
    maker = make.Maker(WORK / "in")
    cases = maker.all()
    LOOKS = maker.looks
    folder = workspace()
    said = taken_in(cases, folder)
    lines, good = [], 0
    for number, case in enumerate(cases):
        fine, what, colour, geometry = row(case, said, number)
        good += fine
        bound = f"≤ {case.most:g}" if case.expected == "pages" else ""
        lines.append(f"| {case.name} | {case.expected} | {what} | {colour} {bound} | {geometry} | {'yes' if fine else '**NO**'} |")
        print("ok " if fine else "NO ", case.name, what, colour, geometry, flush=True)
    held, codes = stays_held(said, folder)
    print("broken page stays held:", held, codes)
    text = ["# Formats", "", f"`tests/run formats`: {good} of {len(cases)} inputs as expected; "
            f"accepting and building a document with a broken page: {'refused' if held else 'NOT REFUSED'} ({codes[0]}, {codes[1]}).", "",
            "Source: `scans/scan_0001.jpg` at 150 dpi. Colour: mean absolute difference a channel (0 to 255) between the",
            "source and the converted PDF (class high), rendered with poppler, and its bound; the worst page counts. Geometry: size and",
            "orientation of the rendered pages.", "",
            "| input | expected | what happened | colour | geometry | as expected |", "|---|---|---|---|---|---|", *lines, ""]
    if "huge" in sys.argv:
        text += ["## Large inputs", "", "Peak resident memory of the whole process.", "",
                 "| input | command | exit | peak, MB | wall |", "|---|---|---|---|---|", *huge(), ""]
    elif RESULTS.exists() and "## Large inputs" in RESULTS.read_text():
        text += [RESULTS.read_text()[RESULTS.read_text().index("## Large inputs"):].rstrip(), ""]
    RESULTS.write_text("\n".join(text))
    return 0 if good == len(cases) and held else 1


if __name__ == "__main__":
    sys.exit(main())
