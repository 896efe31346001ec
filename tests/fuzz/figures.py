#!/usr/bin/env python3
"""Figures out of the logs of libFuzzer: figures.py FOLDER RESULTS LOAD"""

import datetime
import re
import sys
from pathlib import Path

WHAT = {"pdf": "PDF structure, revisions, changes, report", "cms": "CMS, time stamps, certificates, revocation lists, OCSP",
        "intake": "pictures and scanned PDFs"}


def row(folder, target):
    log = (folder / f"{target}.log").read_text(errors="replace")
    all_of = lambda name: [int(n) for n in re.findall(rf"stat::{name}:\s+(\d+)", log)] or [0]
    covered = re.findall(r"#\d+\s+\S+\s+cov: (\d+) ft: (\d+) corp: (\d+)", log) or [("0", "0", "0")]
    counters = re.findall(r"Loaded \d+ modules?\s+\((\d+) inline", log) or ["0"]
    cpu = sum(float(part) for line in (folder / f"{target}.cpu").read_text().splitlines() for part in line.split())
    found = len([path for path in folder.glob(f"{target}-*") if path.is_file()])
    edges, features, corpus = covered[-1]
    return (f"| {target} | {WHAT[target]} | {cpu / 60:.1f} | {sum(all_of('number_of_executed_units')):,} | {int(covered[0][0]):,} | "
            f"{int(edges):,} of {int(counters[0]):,} | {int(features):,} | {int(corpus):,} | {max(all_of('peak_rss_mb'))} | {found} |")


def main():
    folder, results, load = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    rows = [row(folder, target) for target in WHAT if (folder / f"{target}.cpu").exists()]
    text = "\n".join([
        "# Fuzzing\n",
        f"`tests/run fuzz`, {datetime.date.today().isoformat()}, load {load}: libFuzzer, overflow checks on, at most 256 MB and ten seconds an input. "
        "Edges are counted over everything of this repository that is linked into the target, most of which a target cannot reach.\n",
        "| target | what it reads | CPU min | runs | edges of the seeds | edges at the end | features | corpus | peak MB | crashes, hangs, too much memory |",
        "|---|---|---|---|---|---|---|---|---|---|", *rows, ""])
    print(text)
    results.write_text(text)


if __name__ == "__main__":
    main()
