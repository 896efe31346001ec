#!/usr/bin/env bash
# Checks an evidence ZIP as a third party does: with openssl, qpdf, pdfsig and sha256sum, in the unpacked folder.
#   evidence.sh FOLDER ROOT.pem [TSA-ROOT.pem]
# ROOT.pem is the issuer that the third party trusts; it came another way than the ZIP.
# Anybody can make a ZIP whose sums fit and are signed by some key: whose key it is, only the office can say. Compare the
# fingerprint that is printed with the one that the office names by another way (by telephone, on paper, on its web site).
# Each line says what was checked; – marks what is not there, ! what is left to the person; the first thing that does not hold ends the script with 1.
set -euo pipefail
cd "$1"
root="$2"
tsa="${3:-$2}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "✗ $*"; exit 1; }
good() { echo "✓ $*"; }
bin() { printf "$(printf %s "$1" | sed 's/../\\x&/g')"; }
sha() { sha256sum | cut -d' ' -f1; }

# 1. nothing was changed on the way, nothing added, nothing taken out
sha256sum --quiet --strict -c SHA256SUMS >/dev/null || fail "sums"
[ "$(find . -type f ! -name 'SHA256SUMS*' | wc -l)" -eq "$(wc -l <SHA256SUMS)" ] || fail "files beside the sums"
openssl dgst -sha256 -verify station.pem -signature SHA256SUMS.sig SHA256SUMS >/dev/null || fail "signature of the station"
key=$(openssl pkey -pubin -in station.pem -outform DER | sha)
[ -n "$key" ] || fail "key of the station"
good "sums of $(wc -l <SHA256SUMS) files, signed by the key in station.pem"
echo "! $key is its fingerprint: compare it with the one that the office names by another way"

# 2. the file is whole, and its signatures hold
qpdf --check document.pdf >/dev/null || fail "qpdf"
listing=$(pdfsig -nocert document.pdf) || true
count=$(grep -c '^Signature #' <<<"$listing" || true)
[ "$count" -gt 0 ] || fail "no signature"
good "qpdf and pdfsig: $count signatures"
here=$PWD
(cd "$work" && pdfsig -nocert -dump "$here/document.pdf" >/dev/null)
mapfile -t ranges < <(grep 'Signed Ranges' <<<"$listing" | sed 's/[^0-9 ]/ /g')
mapfile -t kinds < <(grep 'Signature Type' <<<"$listing" | sed 's/.*: //')
mapfile -t verdicts < <(grep 'Signature Validation' <<<"$listing" | sed 's/.*: //')
[ "${#verdicts[@]}" -eq "$count" ] && [ "${#kinds[@]}" -eq "$count" ] || fail "pdfsig: $listing"
for ((n = 0; n < count; n++)); do
  read -r a b c d <<<"${ranges[n]}"
  { head -c "$b" document.pdf | tail -c +$((a + 1)); head -c "$d" document.pdf | tail -c +$((c + 1)); } >"$work/signed"
  signature="$work/document.pdf.sig$n"
  [ -s "$signature" ] || fail "signature $n was not written out"
  case "${kinds[n]}" in
  # Older versions of pdfsig know no document time stamps: their type is unknown to them, and they judge them not at all.
  *RFC3161* | unknown)
    case "${verdicts[n]}" in 'Signature is Valid.' | 'Signature has not yet been verified.') ;; *) fail "pdfsig: time stamp $n" ;; esac
    openssl ts -verify -token_in -in "$signature" -data "$work/signed" -CAfile "$tsa" \
      -untrusted certificates/in-the-document.pem >/dev/null 2>&1 || fail "time stamp $n"
    # pdfsig sees it as what it is: a time stamp over all that stood there, the last one over the whole file.
    [ "$a" -eq 0 ] && [ "$d" -le "$(stat -c %s document.pdf)" ] || fail "pdfsig: ranges of time stamp $n"
    if [ "$n" -eq $((count - 1)) ]; then
      [ "$d" -eq "$(stat -c %s document.pdf)" ] || fail "something follows the last time stamp"
      grep 'otal document signed' <<<"$listing" | tail -1 | grep -q -- '- Total document signed' || fail "pdfsig: time stamp $n"
    fi
    good "openssl and pdfsig: time stamp $n" ;;
  *)
    [ "${verdicts[n]}" = 'Signature is Valid.' ] || fail "pdfsig: $listing"
    openssl cms -verify -inform DER -in "$signature" -content "$work/signed" -binary -out /dev/null \
      -CAfile "$root" -purpose any -no_check_time 2>/dev/null || fail "openssl: signature $n"
    good "openssl: signature $n of type ${kinds[n]}" ;;
  esac
done

# 3. every version grew out of the one before
last=""
for number in $(seq "$(find revisions -type f | wc -l)"); do
  file=$(echo revisions/"$number"-*.pdf)
  [ -s "$file" ] || fail "revision $number is missing"
  case "$file" in *replaced.pdf) continue ;; esac
  if [ -n "$last" ]; then cmp -s -n "$(stat -c %s "$last")" "$last" "$file" || fail "$file does not continue $last"; fi
  last="$file"
done
cmp -s "$last" document.pdf || fail "document.pdf is not the last version"
good "versions continue each other, the last is document.pdf"

# 4. the journal was not changed since
lines=0
while read -r file hash under path; do
  [ "$(sha <"journal/$file")" = "$hash" ] || fail "$file was changed"
  at=$({ printf '\0'; bin "$hash"; } | sha)
  for step in $path; do
    case $step in
    L:*) at=$({ printf '\1'; bin "${step#L:}"; bin "$at"; } | sha) ;;
    R:*) at=$({ printf '\1'; bin "$at"; bin "${step#R:}"; } | sha) ;;
    *) fail "proof of $file" ;;
    esac
  done
  [ "$(bin "$at" | sha)" = "$(sha <"journal/$under")" ] || fail "$file is not under $under"
  lines=$((lines + 1))
done <journal/proofs.txt
[ "$lines" -eq "$(find journal -name '*.entry' | wc -l)" ] || fail "entries without a proof"
good "$lines entries of the journal under $(find journal -name 'root-*.bin' | wc -l) roots"
for under in journal/root-*.bin; do
  token="${under%.bin}.tst"
  if [ ! -e "$token" ]; then
    echo "– $under has no time stamp: when it was made, only the office says"
    continue
  fi
  openssl ts -verify -token_in -in "$token" -data "$under" -CAfile "$tsa" >/dev/null 2>&1 || fail "$token"
  good "openssl: $token"
done
for file in revisions/*.pdf; do
  grep -a -q "$(sha <"$file")" journal/*.entry || fail "the journal does not know $file"
done
good "the journal names every version"

# 5. it is the paper that was scanned, and every signature covers that
if [ -d scans ]; then
  for file in scans/*; do
    grep -a -q "$(sha <"$file")" revisions/1-*.pdf || fail "the metadata do not name $file"
  done
  good "the metadata name $(find scans -type f | wc -l) scans"
fi

# 6. it arrived
for file in receipts/*.json; do
  [ -e "$file" ] || continue
  arrived=""
  for key in destination proof remote_id url sha256 at; do
    value=$(sed -n "s/^ *\"$key\": \(\".*\"\),\{0,1\}$/\1/p" "$file")
    [ -n "$value" ] || fail "$file has no $key"
    cat journal/*.entry | tr '\n\0' '  ' | grep -a -q -F "\"$key\":$value" || fail "the journal does not know $key of $file"
  done
  digest=$(sed -n 's/^ *"sha256": "\(.*\)",\{0,1\}$/\1/p' "$file")
  for revision in revisions/*.pdf; do [ "$(sha <"$revision")" = "$digest" ] && arrived="$revision"; done
  [ -n "$arrived" ] || fail "$file is about none of the versions"
  good "$file: $arrived arrived"
done
