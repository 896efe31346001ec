#!/usr/bin/env python3
"""Every kind of key on every kind of PDF in every visible form, each judged by pyHanko, pdfsig and, where the file claims PDF/A, the judge.

signing.py SCANSEAL [--results FILE.md]
"""
import datetime
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / "tests/.venv/bin"
PIN = "135790"
KEYS = {"RSA 2048": ("rsa", "pkcs1"), "RSA 2048, PSS": ("rsa", "pss"), "P-256": ("p256", "pkcs1"), "P-384": ("p384", "pkcs1")}
FORMS = {"none": [], "picture": ["--form", "issued", "--at", "1:60,200"], "attachment": ["--form", "attachment", "--number", "125/UBND-VP"]}
PDFA = {"PDF/A-1b": "1b", "PDF/A-2b": "2b", "PDF/A-2u": "2u", "PDF/A-3b": "3b"}


def run(*command, check=True, cwd=None) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, cwd=cwd)
    text = (done.stdout + done.stderr).decode(errors="replace")
    if check and done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{text}")
    return text


def keys(at: Path):
    """A root and a signer of each kind in a PKCS#12 file."""
    ext = at / "signer.ext"
    ext.write_text("keyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at / "root.key", "-out", at / "root.pem", "-subj", "/CN=Matrix root", "-days", "30",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    (at / "pin").write_text(PIN)
    (at / "pin").chmod(0o600)
    for name, new in (("rsa", ["rsa:2048"]), ("p256", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]), ("p384", ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"])):
        run("openssl", "req", "-newkey", *new, "-nodes", "-keyout", at / f"{name}.key", "-out", at / f"{name}.csr", "-utf8", "-subj", "/CN=Nguyễn Văn An/O=UBND xã")
        run("openssl", "x509", "-req", "-in", at / f"{name}.csr", "-CA", at / "root.pem", "-CAkey", at / "root.key", "-CAcreateserial", "-out", at / f"{name}.pem",
            "-extfile", ext, "-days", "10")
        run("openssl", "pkcs12", "-export", "-inkey", at / f"{name}.key", "-in", at / f"{name}.pem", "-certfile", at / "root.pem", "-out", at / f"{name}.p12",
            "-passout", f"file:{at / 'pin'}", "-name", name)


def pictures(at: Path):
    stroke = Image.new("RGBA", (400, 200))
    ImageDraw.Draw(stroke).line([(10, 150), (120, 30), (200, 170), (390, 60)], fill=(20, 40, 200, 255), width=8)
    stroke.save(at / "signature.png")


def workspace(at: Path, scanseal: Path, padding: str) -> Path:
    folder = at / f"ws-{padding}"
    run(scanseal, "init", folder, "--profile", "eidas")
    profile = (ROOT / "profiles/eidas.toml").read_text().replace('rsa_padding = "pkcs1"', f'rsa_padding = "{padding}"')
    (folder / "own.toml").write_text(profile)
    pictures(folder)
    (folder / "scanseal.toml").write_text(
        f'profile = "own.toml"\n[office]\nname = "UBND xã"\n[trust]\ncertificates = ["{at}/root.pem"]\n'
        f'[keys.personal]\nuri = "p12:{at}/rsa.p12"\npicture = "signature.png"\npicture_mm = 40.0\n')
    return folder


def bases(at: Path, scanseal: Path) -> dict[str, Path]:
    """Files as other programs and we write them."""
    scan = ROOT / "scans/scan_0001.jpg"
    out = {}
    for name, flavour in PDFA.items():
        out[name] = at / f"{flavour}.pdf"
        if flavour != "1b":
            run(scanseal, "convert", scan, "-o", out[name], *(["--no-ocr"] if flavour != "2u" else []), "--pdfa", flavour)
    plain = at / "classic.pdf"
    with pikepdf.open(out["PDF/A-2b"]) as pdf:
        del pdf.Root.Metadata
        pdf.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    run("gs", "-q", "-dPDFA=1", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-sColorConversionStrategy=RGB", "-dPDFACompatibilityPolicy=1",
        f"-sOutputFile={out['PDF/A-1b']}", at_definition(at), plain)
    out["classic table"] = plain
    out["object streams"] = at / "streams.pdf"
    run("qpdf", "--object-streams=generate", plain, out["object streams"])
    out["linearized"] = at / "linearized.pdf"
    run("qpdf", "--linearize", plain, out["linearized"])
    return out


def at_definition(at: Path) -> Path:
    """The output intent that Ghostscript puts into PDF/A."""
    with pikepdf.open(at / "2b.pdf") as pdf:
        (at / "srgb.icc").write_bytes(pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes())
    definition = at / "pdfa.ps"
    definition.write_text(f"""%!
[/_objdef {{icc}} /type /stream /OBJ pdfmark
[{{icc}} << /N 3 >> /PUT pdfmark
[{{icc}} ({at}/srgb.icc) (r) file /PUT pdfmark
[/_objdef {{intent}} /type /dict /OBJ pdfmark
[{{intent}} << /Type /OutputIntent /S /GTS_PDFA1 /DestOutputProfile {{icc}} /OutputConditionIdentifier (sRGB) >> /PUT pdfmark
[{{Catalog}} << /OutputIntents [ {{intent}} ] >> /PUT pdfmark
""")
    return definition


def part_1(file: Path) -> str:
    """The judge knows parts 2 and 3; of part 1, what a signature could break: soft masks (6.4), cross-reference streams (6.1.4)."""
    with pikepdf.open(file) as pdf:
        soft = any(isinstance(o, pikepdf.Stream) and "/SMask" in o for o in pdf.objects)
    streams = b"/Type/XRef" in file.read_bytes().replace(b" ", b"")
    return "FAILS" if soft or streams else "no soft mask, no stream"


def judged(file: Path, at: Path, flavour: str | None) -> list[str]:
    pyhanko = run(VENV / "pyhanko", "sign", "validate", "--pretty-print", "--trust", at / "root.pem", file, check=False)
    pdfsig = run("pdfsig", "-nocert", file, check=False)
    verdicts = ["valid" if "The signature is judged VALID" in pyhanko else "REFUSED", "valid" if "Signature is Valid" in pdfsig else "REFUSED"]
    if flavour is None:
        return [*verdicts, "-"]
    if flavour == "1b":
        return [*verdicts, part_1(file)]
    said = subprocess.run([VENV / "python", ROOT / "tests/judges/pdfa_check.py", file], capture_output=True, text=True)
    return [*verdicts, "passes" if said.returncode == 0 else "FAILS"]


def main():
    scanseal = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        keys(at)
        offices = {padding: workspace(at, scanseal, padding) for padding in ("pkcs1", "pss")}
        files = bases(at, scanseal)
        lines, bad = [], 0
        unsigned = {name: judged(file, at, PDFA.get(name))[2] for name, file in files.items()}
        for key, (name, padding) in KEYS.items():
            for kind, file in files.items():
                for form, options in FORMS.items():
                    out = at / "out" / f"{name}-{padding}-{form}"
                    run(scanseal, "sign", file, "--role", "personal", "--key", f"p12:{at}/{name}.p12?pin-source=file:{at}/pin", "-o", out, *options,
                        "--workspace", offices[padding])
                    verdicts = judged(out / file.name, at, PDFA.get(kind))
                    good = verdicts[:2] == ["valid", "valid"] and verdicts[2] in ("-", "passes", "no soft mask, no stream")
                    bad += not good
                    lines.append(f"| {key} | {kind} | {form} | {' | '.join(verdicts)} |")
        table = "\n".join(lines)
        text = (f"# Keys, files and visible forms, {datetime.date.today()}\n\n`tests/run forms`: {len(lines)} signed files, {bad} not as they should be. PDF/A of the unsigned "
                f"files: {', '.join(f'{k} {v}' for k, v in unsigned.items() if v != '-')}.\n\n| key | file | visible form | pyHanko | pdfsig | PDF/A |\n|---|---|---|---|---|---|\n{table}\n")
        if "--results" in sys.argv:
            Path(sys.argv[sys.argv.index("--results") + 1]).write_text(text)
        print(re.sub(r"\n\n\|.*", "", text, flags=re.S))
        raise SystemExit(1 if bad else 0)


main()
