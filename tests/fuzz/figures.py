#!/usr/bin/env python3
"""Figures out of the logs of libFuzzer: figures.py FOLDER SECONDS RESULTS"""

import datetime
import re
import sys
from pathlib import Path

WHAT = {"pdf": "PDF structure, revisions, changes, report", "cms": "CMS, time stamps, certificates, revocation lists, OCSP",
        "intake": "pictures and scanned PDFs"}


def row(folder, target):
    log = (folder / f"{target}.log").read_text(errors="replace")
    stat = lambda name: int(re.findall(rf"stat::{name}:\s+(\d+)", log)[-1]) if f"stat::{name}" in log else 0
    covered = re.findall(r"#\d+\s+\S+\s+cov: (\d+) ft: (\d+) corp: (\d+)", log) or [("0", "0", "0")]
    counters = re.findall(r"Loaded \d+ modules?\s+\((\d+) inline", log) or ["0"]
    found = len([path for path in folder.glob(f"{target}-*") if path.is_file()])
    edges, features, corpus = covered[-1]
    return (f"| {target} | {WHAT[target]} | {stat('number_of_executed_units'):,} | {stat('average_exec_per_sec'):,} | {int(covered[0][0]):,} | "
            f"{int(edges):,} of {int(counters[0]):,} | {int(features):,} | {int(corpus):,} | {stat('peak_rss_mb')} | {found} |")


def main():
    folder, seconds, results = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    rows = [row(folder, target) for target in WHAT]
    text = "\n".join([
        "# Fuzzing\n",
        f"`tests/run fuzz {seconds}`, {datetime.date.today().isoformat()}: {seconds // 60} minutes a target on one core, libFuzzer, overflow checks "
        "on, at most 256 MB and ten seconds an input. Edges are those of the whole program in the target, most of which a target cannot reach.\n",
        "| target | what it reads | runs | runs/s | edges at first | edges at the end | features | corpus | peak MB | crashes, hangs, too much memory |",
        "|---|---|---|---|---|---|---|---|---|---|", *rows, ""])
    print(text)
    results.write_text(text)


if __name__ == "__main__":
    main()
