#!/usr/bin/env python3
"""Signatures that still stand in ten years: levels by other people's judges, services that fail and lie, a backlog signed again under
kill -9, and figures against the token's limit and pyHanko.

tests/run longterm    writes tests/results/longterm.md

The authority is tests/servers/authority.py (certomancer). Every expectation stands in this file before anything is run; the end is
not reached when one is not met.
"""
import contextlib
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from signing import ROOT, SCANSEAL

PYTHON = sys.executable
LEVELS = ("b-b", "b-t", "b-lt", "b-lta")
LATER = "2036-11-01T00:00:00Z"


class Authority:
    """The services, and an office that trusts them."""

    def __init__(self, folder: Path):
        self.folder = folder / "authority"
        self.process = subprocess.Popen([PYTHON, ROOT / "tests/servers/authority.py", self.folder], stdin=subprocess.PIPE,
                                        stdout=subprocess.DEVNULL)
        while not (self.folder / "authority.json").exists():
            if self.process.poll() is not None:
                sys.exit("no authority")
            time.sleep(0.1)
        self.tsa = json.loads((self.folder / "authority.json").read_text())["tsa"]

    def mode(self, words: str):
        (self.folder / "mode").write_text(words)

    def asked(self):
        with contextlib.suppress(FileNotFoundError):
            return json.loads((self.folder / "count").read_text())
        return {}

    def key(self, label):
        return f"p12:{self.folder}/{label}.p12?pin-source=file:{self.folder}/pin"

    def station(self, root: Path, more=""):
        key = lambda role, label: f'[keys.{role}]\nuri = "{self.key(label)}"\n'
        (root / "scanseal.toml").write_text(
            f'profile = "eidas"\n[office]\nname = "UBND"\n{key("personal", "person")}{key("organization", "organization")}'
            f'[trust]\ncertificates = ["{self.folder}/root.pem"]\n[[timestamp]]\nurl = "{self.tsa}"\n{more}')

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def run(*command, expect=(0,)):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    if expect is not None and done.returncode not in expect:
        sys.exit(f"{command}: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done


def lines(done, event):
    return [line for line in map(json.loads, done.stdout.splitlines()) if line["event"] == event]


def verdict(root, file, *more):
    done = run(SCANSEAL, "--workspace", root, "--json", "verify", file, *more, expect=None)
    return lines(done, "document")[0]


def word(report):
    """Verdict, and level with sub-indication of every signature but time stamps."""
    ours = [s for s in report["signatures"] if s["role"] != "timestamp"]
    return report["verdict"], [s["level"] for s in ours], [s["sub_indication"] for s in ours]


def meets(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found}, not {expected}")


def archival(file):
    run(PYTHON, ROOT / "tests/judges/pdfa_check.py", file)


def pyhanko(authority, file, *more):
    done = run(PYTHON, "-m", "pyhanko", "sign", "validate", "--pretty-print", "--no-strict-syntax", "--trust", authority.folder / "root.pem",
               *more, file, expect=None)
    good = done.stdout.count("judged VALID")
    return "VALID" if done.returncode == 0 and good else "not valid", good


def adesverify(authority, file):
    done = run(PYTHON, "-m", "pyhanko", "sign", "adesverify", "--no-strict-syntax", "--trust", authority.folder / "root.pem", file, expect=None)
    return "; ".join(sorted({found.replace(",", ", ") for found in re.findall(r":(INTACT:\S+|INDETERMINATE\S*|BROKEN\S*)", done.stdout)})) or "no word"


def tokens(authority, file, folder):
    """Every time stamp of a file by OpenSSL: over the signature's value, or over the bytes of the range."""
    from asn1crypto import cms
    from pyhanko.pdf_utils.reader import PdfFileReader
    checked = 0
    with open(file, "rb") as stream:
        reader = PdfFileReader(stream, strict=False)
        for embedded in reader.embedded_signatures:
            stamp, data = None, None
            if embedded.sig_object_type == "/DocTimeStamp":
                raw = embedded.pkcs7_content
                stamp = cms.ContentInfo.load(raw).dump()
                a, b, c, d = embedded.byte_range
                whole = Path(file).read_bytes()
                data = whole[a:a + b] + whole[c:c + d]
            else:
                info = embedded.signer_info
                for attribute in info["unsigned_attrs"] or []:
                    if attribute["type"].native == "signature_time_stamp_token":
                        stamp, data = attribute["values"][0].dump(), info["signature"].native
            if stamp is None:
                continue
            (folder / "token").write_bytes(stamp)
            (folder / "data").write_bytes(data)
            run("openssl", "ts", "-verify", "-token_in", "-in", folder / "token", "-data", folder / "data", "-CAfile", authority.folder / "root.pem",
                "-untrusted", authority.folder / "time-ca.cert.pem")
            checked += 1
    return checked


def matrix(authority, root, folder, base):
    """Both signatures at every level, and every upgrade: by four judges, and with services off ten years later."""
    expected = {
        "b-b": ("valid", ["B-B"] * 2, "indeterminate"),
        "b-t": ("valid", ["B-T"] * 2, "indeterminate"),
        "b-lt": ("valid", ["B-LT"] * 2, "indeterminate"),
        "b-lta": ("valid", ["B-LTA"] * 2, "valid"),
    }
    out, files = [], {}
    for level in LEVELS:
        first, second = folder / f"first-{level}", folder / f"second-{level}"
        run(SCANSEAL, "--workspace", root, "sign", "--role", "personal", "--level", level, base, "-o", first)
        archival(first / base.name)
        run(SCANSEAL, "--workspace", root, "sign", "--role", "organization", "--level", level, first / base.name, "-o", second)
        files[level] = (first / base.name, second / base.name)
    made = [(level, files[level][1], level) for level in LEVELS]
    for start in LEVELS:
        for target in ("b-t", "b-lt", "b-lta"):
            if LEVELS.index(target) > LEVELS.index(start) or start == target == "b-lta":
                there = folder / f"{start}-to-{target}"
                run(SCANSEAL, "--workspace", root, "sign", "--upgrade", target, files[start][1], "-o", there)
                made.append((f"{start} → {target}", there / base.name, target))
    authority.mode("away")
    for title, file, level in made:
        archival(file)
        now = word(verdict(root, file))
        meets(title, now[:2], expected[level][:2])
        later = word(verdict(root, file, "--at", LATER))
        meets(f"{title} later", later[0], expected[level][2])
        sub = "–" if later[0] == "valid" else later[2][0]
        authority.mode("ok")
        peer, good = pyhanko(authority, file)
        meets(f"{title} pyHanko", peer, "VALID")
        ades = adesverify(authority, file)
        authority.mode("away")
        stamps = tokens(authority, file, folder)
        out.append(f"| {title} | {file.stat().st_size - base.stat().st_size:,} | {', '.join(sorted(set(now[1])))} | good | {peer} ({good}) | {ades} | "
                   f"{stamps} good | {later[0]} {sub} |")
    authority.mode("ok")
    size = lambda file: file.stat().st_size
    added = (size(files["b-lt"][0]) - size(files["b-b"][0]), size(files["b-lt"][1]) - size(files["b-lt"][0])
             - (size(files["b-b"][1]) - size(files["b-b"][0])))
    whole = (size(files["b-lt"][0]) - size(base), size(files["b-lt"][1]) - size(files["b-lt"][0]))
    return out, added, whole


SERVICES = {
    # mode: what a signature at B-LT comes to, what is said, and what --complete makes of it once all is well
    "ok": ("B-LT", [], []),
    "ocsp=away": ("B-LT", [], ["revocation_away"]),
    "ocsp=garbage": ("B-LT", [], ["revocation_wrong"]),
    "ocsp=stale": ("B-LT", [], ["revocation_wrong"]),
    "ocsp=stranger": ("B-LT", [], ["revocation_wrong"]),
    "ocsp=away crl=stranger": ("B-T", ["revocation"], ["revocation_away", "revocation_wrong"]),
    "ocsp=stale crl=stale": ("B-T", ["revocation"], ["revocation_wrong"]),
    "ocsp=away crl=away": ("B-T", ["revocation"], ["revocation_away"]),
    "flicker": (None, None, None),
    "away": ("B-B", ["revocation", "timestamp"], ["timestamp_away", "revocation_away"]),
    "tsa=stranger": ("B-B", ["timestamp"], ["timestamp_wrong"]),
}


def services(authority, root, folder, base):
    out = []
    for number, (mode, (level, owed, said)) in enumerate(SERVICES.items()):
        shutil.rmtree(root / "evidence", ignore_errors=True)
        authority.mode(mode)
        done = run(SCANSEAL, "--workspace", root, "--json", "sign", "--role", "personal", "--level", "b-lt", base, "-o", folder / f"mode-{number}")
        made = lines(done, "signature")[0]
        codes = sorted({line["code"] for line in lines(done, "error")})
        if level:
            meets(mode, (made["level"], made["owed"], codes), (level, owed, sorted(said)))
        file = folder / f"mode-{number}" / base.name
        authority.mode("ok")
        run(SCANSEAL, "--workspace", root, "sign", "--upgrade", "b-lt", file, "-o", folder / f"mended-{number}")
        mended = folder / f"mended-{number}" / base.name
        archival(mended)
        found = word(verdict(root, mended))
        # A late time proof over evidence that was there already is an archive time stamp.
        meets(f"{mode} mended", (found[0], found[1][0] in ("B-LT", "B-LTA")), ("valid", True))
        out.append(f"| {mode} | signed, {made['level']}, owes {', '.join(made['owed']) or 'nothing'} | {', '.join(codes) or '–'} | {found[1][0]} |")
    shutil.rmtree(root / "evidence", ignore_errors=True)
    for mode in ("revoked", "revoked-authority"):
        authority.mode(mode)
        done = run(SCANSEAL, "--workspace", root, "--json", "sign", "--role", "personal", "--level", "b-lt", base, "-o", folder / mode, expect=(6,))
        meets(mode, [line["code"] for line in lines(done, "error")], ["signer_revoked"])
        out.append(f"| {mode} | nothing is signed, exit 6 | signer_revoked | |")
        shutil.rmtree(root / "evidence", ignore_errors=True)
    authority.mode("ok")
    return out


def main():
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = Path(name)
        authority = Authority(folder)
        try:
            text = report(authority, folder, load)
        finally:
            authority.close()
    (ROOT / "tests/results/longterm.md").write_text(text)
    print(text)


def report(authority, folder, load):
    import longterm_bulk
    root, base = folder / "office", folder / "letter.pdf"
    run(SCANSEAL, "init", root, "--profile", "eidas")
    authority.station(root)
    run(SCANSEAL, "convert", ROOT / "scans/scan_0001.jpg", "-o", base, "--no-ocr")
    levels, added, whole = matrix(authority, root, folder, base)
    modes = services(authority, root, folder, base)
    bulk = longterm_bulk.figures(authority, folder, added, whole)
    return "\n".join([
        f"# Signatures that still stand in ten years, {datetime.date.today()}\n",
        "`tests/run longterm`. Authority: certomancer with an anchor of RSA-4096, authorities and time stamps of RSA-3072, signers of "
        f"RSA-2048. pyHanko 0.38 with revocation on; OpenSSL for the tokens. Load when it began: {load:.1f}.\n",
        "## Levels\n",
        f"Two signatures each, services away for our verdicts. The last column is the verdict at {LATER[:10]}, after the end of both signers' "
        "certificates and of RSA-2048, with its sub-indication (EN 319 102-1).\n",
        "| made | bytes added | level | PDF/A | pyHanko validate | adesverify | tokens by OpenSSL | ten years later |",
        "|---|---|---|---|---|---|---|---|", *levels, "",
        "## Services that fail and lie\n",
        "A signature at B-LT while the services are so; then `--upgrade b-lt` with all of them well.\n",
        "| services | outcome | said | afterwards |", "|---|---|---|---|", *modes, "",
        *bulk, ""])


if __name__ == "__main__":
    main()
