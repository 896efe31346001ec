#!/usr/bin/env python3
"""Paths, uses and revocation: matrix.py BINARY [--lean] [--results FILE]

Makes every case, asks scanseal, and compares with what the case states. --lean takes every fourth case.
"""

import argparse
import collections
import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cases_path  # noqa: F401  each module enters its cases
import cases_revocation  # noqa: F401
import cases_time  # noqa: F401
from case import CASES
from pki import DAY, NOW


def asked(binary, folder, title, case):
    """What scanseal says about the signature of a case."""
    here = folder / title
    office = here / "office"
    here.mkdir()
    subprocess.run([binary, "init", office, "--profile", "eidas"], check=True, capture_output=True)
    anchors = []
    for index, anchor in enumerate(case.trust):
        (here / f"anchor-{index}.pem").write_bytes(anchor.pem())
        anchors.append(str(here / f"anchor-{index}.pem"))
    (office / "scanseal.toml").write_text(
        f'profile = "eidas"\n[office]\nname = "UBND"\n[trust]\ncertificates = {json.dumps(anchors)}\n')
    (office / "revocation").mkdir()
    for index, evidence in enumerate(case.cached):
        (office / "revocation" / f"{index}.crl").write_bytes(evidence)
    (here / "x.pdf").write_bytes(case.data)
    # A little later than now, since signing took a moment.
    at = (NOW + case.at * DAY + datetime.timedelta(minutes=4)).strftime("%Y-%m-%dT%H:%M:%SZ")
    command = [binary, "--workspace", office, "--json", "verify", here / "x.pdf", "--at", at]
    done = subprocess.run(command, capture_output=True, text=True)
    line = json.loads(done.stdout.splitlines()[0])
    if "signatures" not in line:
        return {"verdict": line.get("code"), "sub": None, "revocation": None, "level": None, "codes": [line.get("message")]}
    signature = line["signatures"][0]
    return {"verdict": line["verdict"], "sub": signature["sub_indication"], "revocation": signature["revocation"],
            "level": signature["level"], "codes": [reason["code"] for reason in signature["reasons"]]}


def differences(case, found):
    out = [f"{key}: {found[key]}, not {getattr(case, key)}" for key in ("verdict", "sub", "revocation") if found[key] != getattr(case, key)]
    if case.level and found["level"] != case.level:
        out.append(f"level: {found['level']}, not {case.level}")
    if case.code and case.code not in found["codes"]:
        out.append(f"{case.code} is not among {found['codes']}")
    return out


def table(rows):
    lines = [f"| {group} | {title.replace('_', ' ')} | {case.verdict} | {case.sub or ''} | {case.revocation} | {case.level or ''} | "
             f"{f'`{case.code}`' if case.code else ''} |" for group, title, case in rows]
    groups = collections.Counter(group for group, *_ in rows)
    counts = ", ".join(f"{group} {count}" for group, count in groups.items())
    return "\n".join([
        "# Paths, uses and revocation\n",
        f"`tests/run trust`, {datetime.date.today().isoformat()}. {len(rows)} cases ({counts}), certificates, lists and answers made by the "
        "script; each line was stated in tests/trust and found so. Where revocation is `unknown` the verdict `valid` is a "
        "provisional one: the proof is owed.\n",
        "| group | case | verdict | sub-indication | revocation | level | named |\n|---|---|---|---|---|---|---|", *lines, ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--lean", action="store_true")
    parser.add_argument("--results", type=Path)
    given = parser.parse_args()
    chosen = CASES[::4] if given.lean else CASES
    rows, wrong = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for group, title, make in chosen:
            case = make()
            found = differences(case, asked(given.binary.resolve(), Path(folder), f"{group}-{title}", case))
            rows.append((group, title, case))
            wrong += bool(found)
            for difference in found:
                print(f"WRONG {group}/{title}: {difference}")
    if given.results and not wrong:
        given.results.write_text(table(rows))
    print(f"{len(rows)} cases, {wrong} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
