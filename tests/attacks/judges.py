"""Three opinions on a file: scanseal's, pyHanko's, pdfsig's."""

import io
import json
import subprocess

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext


def scanseal(stage, paths) -> dict:
    """Verdict and all codes of each file, by its name."""
    done = stage.run("--workspace", stage.workspace, "--json", "--lang", "en", "verify", *paths, expect=None)
    found = {}
    for line in map(json.loads, done.stdout.splitlines()):
        if line["event"] == "document":
            codes = [reason["code"] for signature in line["signatures"] for reason in signature["reasons"]]
            found[line["file"].rsplit("/", 1)[-1]] = (line["verdict"], list(dict.fromkeys(codes)), line)
        elif line["event"] == "error":
            found[str(line.get("file", "")).rsplit("/", 1)[-1]] = ("error", [line["code"]], line)
    return found


def pyhanko(stage, data: bytes) -> str:
    """`valid` where every signature is, else what is against the first that is not."""
    root = x509.Certificate.load(stage.office.root.der)
    context = lambda: ValidationContext(trust_roots=[root], allow_fetching=False, weak_hash_algos={"md5", "sha1"})
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=True)
        found = reader.embedded_signatures
        if not found:
            return "no signature"
        for embedded in found:
            if embedded.sig_object_type == "/DocTimeStamp":
                status = validate_pdf_timestamp(embedded, context())
            else:
                status = validate_pdf_signature(embedded, context())
            if not getattr(status, "bottom_line", status.intact and status.valid and status.trusted):
                for part, holds in (("broken", status.intact and status.valid), ("untrusted", status.trusted)):
                    if not holds:
                        return part
                level = getattr(status, "modification_level", None)
                return f"modified ({level.name.lower()})" if level is not None else "not valid"
    except Exception as error:  # noqa: BLE001  any refusal is an opinion
        return f"refused ({type(error).__name__})"
    return "valid"


def pdfsig(stage, path) -> str:
    done = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, errors="replace")
    words = done.stdout
    if "does not contain any signatures" in words:
        return "no signature"
    total = words.count("Signature Validation:")
    valid = words.count("Signature is Valid.")
    if total == 0:
        return "refused" if done.returncode else "no opinion"
    return "valid" if valid == total else f"{valid} of {total} valid"
