#!/usr/bin/env python3
"""The attack gallery: gallery.py BINARY [--lean] [--results FILE]

Signs files, attacks them in every way that has a name, changes them in every way that is allowed, and asks scanseal about each:
an attack has to be refused and named, a harmless change has to be accepted. Without --lean pyHanko and pdfsig are asked too.
"""

import argparse
import collections
import datetime
import sys
import tempfile
from pathlib import Path

import attacks_allowed  # noqa: F401  each module enters its cases
import attacks_forged  # noqa: F401
import attacks_hidden  # noqa: F401
import attacks_saved  # noqa: F401
import harmless_cases  # noqa: F401
import judges
from case import ATTACKS, HARMLESS
from files import Stage
from notes import NOTES


def made(stage, cases):
    """Writes every case into the folder."""
    folder = stage.folder / "cases"
    folder.mkdir(exist_ok=True)
    for *_, title, make in cases:
        path = folder / f"{title}.pdf"
        try:
            path.write_bytes(make(stage))
        except Exception as error:  # noqa: BLE001  the other cases go on; a case that was not made is a wrong one
            path.write_bytes(f"not made: {error!r}".encode())
            print(f"NOT MADE {title}: {error!r}"[:600])
        yield title, path


def run(stage, lean):
    attacks = [(family, "attack", code, title, make) for family, title, code, make in ATTACKS]
    harmless = [(family, "harmless", None, title, make) for family, title, make in HARMLESS]
    cases = attacks + harmless
    paths = dict(made(stage, cases))
    assert len(paths) == len(cases), "two cases of one name"
    ours = judges.scanseal(stage, paths.values())
    rows = []
    for family, kind, code, title, _ in cases:
        verdict, codes, _ = ours.get(f"{title}.pdf", ("none", [], None))
        good = verdict == "invalid" and code in codes if kind == "attack" else verdict == "valid"
        others = ("", "") if lean else (judges.pyhanko(stage, paths[title].read_bytes()), judges.pdfsig(stage, paths[title]))
        rows.append((kind, family, title, code, verdict, codes, good, *others))
    return rows


def table(rows):
    def lines(kind):
        for row_kind, family, title, code, verdict, codes, good, pyhanko, pdfsig in rows:
            if row_kind == kind:
                named = f"`{code}`" if code else verdict
                note = NOTES.get(title, "")
                yield f"| {family} | {title.replace('_', ' ')} | {named if good else f'**{verdict}** {codes}'} | {pyhanko} | {pdfsig} | {note} |"
    count = lambda kind, index, value: sum(row[0] == kind and row[index] == value for row in rows)
    attacks, harmless = (sum(row[0] == kind for row in rows) for kind in ("attack", "harmless"))
    fooled = [sum(row[0] == "attack" and row[index] == "valid" for row in rows) for index in (7, 8)]
    strict = [sum(row[0] == "harmless" and row[index] != "valid" for row in rows) for index in (7, 8)]
    head = "| family | case | scanseal | pyHanko | pdfsig | why they differ |\n|---|---|---|---|---|---|"
    today = datetime.date.today().isoformat()
    return "\n".join([
        "# Attacks on signed files, and what may happen to them\n",
        f"`tests/run attacks`, {today}. Every file is made and signed by the script itself. pyHanko 0.38 reads strictly and trusts the same root; "
        "pdfsig (poppler) looks at the signature alone (`-nocert`).\n",
        f"| | attacks ({attacks}) called valid | harmless files ({harmless}) not called valid |\n|---|---|---|",
        f"| scanseal | {count('attack', 4, 'valid')} | {harmless - count('harmless', 4, 'valid')} |",
        f"| pyHanko | {fooled[0]} | {strict[0]} |",
        f"| pdfsig | {fooled[1]} | {strict[1]} |",
        f"\nRefused and named with the expected code: {sum(row[6] for row in rows if row[0] == 'attack')} of {attacks}.\n",
        "## Attacks\n", head, *lines("attack"), "\n## Harmless changes\n", head, *lines("harmless"), ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--lean", action="store_true")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for the files")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        rows = run(Stage(given.binary.resolve(), folder), given.lean)
    wrong = [row for row in rows if not row[6]]
    for kind, family, title, code, verdict, codes, *_ in wrong:
        print(f"WRONG {kind} {family}/{title}: expected {code or 'valid'}, got {verdict} {codes}")
    if given.results and not wrong:
        given.results.write_text(table(rows))
    kinds = collections.Counter(row[0] for row in rows)
    families = collections.Counter(row[1] for row in rows if row[0] == "attack")
    few = [family for family, count in families.items() if count < 3]
    print(f"{kinds['attack']} attacks in {len(families)} families, {kinds['harmless']} harmless, {len(wrong)} wrong")
    sys.exit(bool(wrong) or bool(few))


if __name__ == "__main__":
    main()
