#!/usr/bin/env bash
# The whole sample set in every flavour of PDF/A, under the judge.   tests/judges/flavours.sh SCANSEAL PYTHON
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
shopt -s nullglob
for scan in scans/*.jpg scans/*.tif scans/*.png; do
  name=$(basename "${scan%.*}")
  "$1" convert "$scan" -o "$folder/$name.2b.pdf" --no-ocr -q
  "$1" convert "$scan" -o "$folder/$name.2u.pdf" -q
  "$1" convert "$scan" -o "$folder/$name.3b.pdf" --pdfa 3b --no-ocr -q
done
for flavour in 2b 2u 3b; do
  "$2" tests/judges/pdfa_check.py -f "$flavour" "$folder"/*."$flavour".pdf
done
