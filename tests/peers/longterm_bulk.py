"""The bulk part of longterm.py: a backlog of archived documents signed again under kill -9, and figures."""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import signing
from longterm import PYTHON, SCANSEAL, lines, meets, run
from signing import PIN, ROOT, SOFTHSM, Bench, rate, rows, usage

BACKLOG, KILLS = 300, 20


class Office(Bench):
    """Tokens that hold the keys of the authority, and workspaces of built documents that trust it."""

    def __init__(self, folder: Path, authority):
        self.authority = authority
        super().__init__(folder)

    def token(self, name, subject, number):
        """The authority's key of this name instead of a new one."""
        self.tool("softhsm2-util", "--init-token", "--free", "--label", name, "--so-pin", "0000", "--pin", PIN)
        key = self.authority.folder / "keys" / f"{name if name != 'personal' else 'person'}.pem"
        label = key.stem
        self.tool("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", key, "-out", "key.p8")
        self.tool("softhsm2-util", "--import", "key.p8", "--token", name, "--label", "key", "--id", number, "--pin", PIN)
        for certificate, name_of in ((label, "key"), ("office-ca", "issuer")):
            self.tool("openssl", "x509", "-in", self.authority.folder / f"{certificate}.cert.pem", "-outform", "DER", "-out", "cert.der")
            self.tool("pkcs11-tool", "--module", SOFTHSM, "--token-label", name, "--login", "--pin", PIN, "--write-object", "cert.der",
                      "--type", "cert", "--id", number if name_of == "key" else "99", "--label", name_of)

    def workspace(self, name, sizes, module=SOFTHSM, more=""):
        root = super().workspace(name, sizes, module)
        station = root / "scanseal.toml"
        text = station.read_text().replace(f"{self.folder}/root.pem", f"{self.authority.folder}/root.pem")
        station.write_text(f'{text}[[timestamp]]\nurl = "{self.authority.tsa}"\n{more}')
        return root


def revisions(root, reason):
    store = sqlite3.connect(root / "store.sqlite")
    return [row[0] for row in store.execute("SELECT document FROM revision WHERE reason LIKE ?", (reason,))]


def states(root):
    store = sqlite3.connect(root / "store.sqlite")
    return dict(store.execute("SELECT state, COUNT(*) FROM document GROUP BY state"))


def sign(root, role, key, level, documents):
    names = [f"D-{number:06}" for number in documents]
    unseen = ["--unseen", "bench"] if role == "personal" else []
    run(SCANSEAL, "--workspace", root, "--json", "sign", "--role", role, "--key", key, "--level", level, *unseen, *names)


def backlog(office, authority):
    """Archived documents of two persons at three levels, two thirds of them delivered, signed again while the run is killed."""
    target = office.folder / "archive"
    target.mkdir()
    root = office.workspace("backlog", [60_000] * (BACKLOG - 1),
                            more=f'[[destination]]\nname = "archive"\nkind = "folder"\npath = "{target}"\n')
    third = BACKLOG // 3
    for index, level in enumerate(("b-b", "b-t", "b-lt")):
        documents = range(1 + index * third, 1 + (index + 1) * third)
        half = len(documents) // 2
        sign(root, "personal", authority.key("person"), level, documents[:half])
        sign(root, "personal", authority.key("second"), level, documents[half:])
        sign(root, "organization", authority.key("organization"), level, documents)
        if index < 2:
            run(SCANSEAL, "--workspace", root, "--json", "upload")
    meets("backlog", states(root), {"delivered": 2 * third, "sealed": third})
    broken = damage(root)
    command = [SCANSEAL, "--workspace", root, "--json", "sign", "--resign", "--reason", "The certificate was renewed", "--key",
               authority.key("renewed"), "--level", "b-lt", "--all"]
    kills, counts = 0, []
    while kills < KILLS:
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # Every fourth time while it starts, else while signatures are being committed.
        before, begun = len(revisions(root, "resign:%")), time.time()
        while kills % 4 and process.poll() is None and len(revisions(root, "resign:%")) == before and time.time() - begun < 30:
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.4))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
        counts.append(len(revisions(root, "resign:%")))
    meets("killed while there was work", counts[-1] < BACKLOG - 1, True)
    done = run(*command, expect=(5,))
    meets("the broken document", [line.get("document") for line in lines(done, "error") if line["code"] == "earlier_signature_broken"], [broken])
    again = revisions(root, "resign:%")
    meets("signed again", (len(again), len(set(again))), (BACKLOG - 1, BACKLOG - 1))
    run(SCANSEAL, "--workspace", root, "--json", "upload", expect=(0, 3, 5))
    receipts = dict(sqlite3.connect(root / "store.sqlite").execute("SELECT document, COUNT(*) FROM receipt GROUP BY document"))
    wanted = {number: 2 if number <= 2 * third else 1 for number in range(1, BACKLOG + 1) if f"D-{number:06}" != broken}
    meets("receipts", {number: receipts.get(number, 0) for number in wanted}, wanted)
    kept = {"personal": 1, "organization": 2}
    for number in (2, third + 2, 2 * third + 2):
        report = json.loads(run(SCANSEAL, "--workspace", root, "--json", "verify", f"D-{number:06}").stdout.splitlines()[0])
        roles = [s["role"] for s in report["signatures"] if s["role"] != "timestamp"]
        meets(f"D-{number:06}", (report["verdict"], {role: roles.count(role) for role in kept}), ("valid", kept))
    return kills, counts


def damage(root):
    """One delivered document whose stored file says of itself what is not so: the page is changed behind the signatures."""
    store = sqlite3.connect(root / "store.sqlite")
    number, digest = store.execute("SELECT id, latest FROM document WHERE id = 5").fetchone()
    path = root / "blobs" / digest[:2] / digest
    import hashlib
    import io
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils import generic
    writer = IncrementalPdfFileWriter(io.BytesIO(path.read_bytes()), strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.NameObject("/Rotate")] = generic.NumberObject(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    content = out.getvalue()
    new = hashlib.sha256(content).hexdigest()
    folder = root / "blobs" / new[:2]
    folder.mkdir(exist_ok=True)
    (folder / new).write_bytes(content)
    store.execute("UPDATE document SET latest = ?, bytes_out = ? WHERE id = ?", (new, len(content), number))
    store.execute("UPDATE revision SET sha256 = ? WHERE document = ? AND sha256 = ?", (new, number, digest))
    store.commit()
    return f"D-{number:06}"


def slow(office, level, count=100):
    """A token of half a second a signature, at a level that asks services over HTTP."""
    (office.folder / "control/delay").write_text("500000")
    root = office.workspace(f"slow-{level}", [60_000] * (count - 1), office.folder / "slow.so")
    signing.sign(root, count, "--level", level)
    return rate(rows(root, "sign:personal"), 1) / 2


def cpu(office, authority, count=200):
    """CPU of one process that signs, stamps, embeds and looks at the result; the services' own is not counted. Of ours that of each
    further document, and that with start and log-in: pyHanko's is of a process that has started."""
    few = count // 4
    begun = signing.sign(office.workspace("cpu-few", [60_000] * (few - 1)), few, "--level", "b-lt")[2]
    whole = signing.sign(office.workspace("cpu", [60_000] * (count - 1)), count, "--level", "b-lt")[2]
    ours = (count * whole - few * begun) / (count - few)
    where = office.folder / "peer"
    where.mkdir()
    for number, content in enumerate(office.many([60_000] * 60)):
        (where / f"{number}.pdf").write_bytes(content)
    done = run(PYTHON, __file__, "--pyhanko", where, SOFTHSM, office.folder / "pin", authority.folder / "root.pem", authority.tsa)
    return ours, whole, json.loads(done.stdout)["cpu"]


def as_pyhanko(where: Path, module: str, pin: Path, root: Path, tsa: str):
    from asn1crypto import pem, x509
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers, timestamps
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.registry import SimpleCertificateStore
    anchor = x509.Certificate.load(pem.unarmor(root.read_bytes())[2])
    office_ca = x509.Certificate.load(pem.unarmor((root.parent / "office-ca.cert.pem").read_bytes())[2])
    session = open_pkcs11_session(module, token_criteria=TokenCriteria(label="personal"), user_pin=pin.read_text())
    registry = SimpleCertificateStore()
    registry.register(office_ca)
    signer = PKCS11Signer(session, cert_label="key", key_label="key", ca_chain=[office_ca])
    context = ValidationContext(trust_roots=[anchor], other_certs=[office_ca], allow_fetching=True, revocation_mode="hard-fail")
    meta = signers.PdfSignatureMetadata(field_name="personal", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", reason="bench",
                                        embed_validation_info=True, validation_context=context)
    stamper = timestamps.HTTPTimeStamper(tsa)
    pdf_signer = signers.PdfSigner(meta, signer=signer, timestamper=stamper)

    def one(path: Path, out: Path):
        with path.open("rb") as source, out.open("w+b") as target:
            pdf_signer.sign_pdf(IncrementalPdfFileWriter(source), output=target)
            target.flush()
            os.fsync(target.fileno())

    files = sorted(where.glob("*.pdf"))
    one(files[0], where / "warm")
    used = resource.getrusage(resource.RUSAGE_SELF)
    for path in files:
        one(path, path.with_suffix(".signed"))
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    print(json.dumps({"cpu": cpu / len(files) * 1000}))


def again(office, count=1000, rounds=3):
    """Archived documents signed again with SoftHSM2, against C_Sign alone before and after."""
    shares = []
    for turn in range(rounds):
        root = office.workspace(f"again-{turn}", [60_000] * (count - 1))
        at = ["--workspace", str(root), "--json"]
        run(SCANSEAL, "sign", "--role", "personal", "--all", "--unseen", "bench", *at)
        run(SCANSEAL, "sign", "--role", "organization", "--all", *at)
        before = office.raw()[0]
        begun = time.perf_counter()
        run(SCANSEAL, "sign", "--resign", "--reason", "The level was too low", "--all", *at)
        elapsed = time.perf_counter() - begun
        raw = (before + office.raw()[0]) / 2
        times = [at for (at,) in sqlite3.connect(root / "store.sqlite").execute("SELECT at FROM revision WHERE reason LIKE 'resign:%' ORDER BY at")]
        meets("signed again", len(times), count)
        shares.append((rate(times) / raw, rate(times), raw, elapsed))
        shutil.rmtree(root)
    return sorted(shares)[len(shares) // 2]


def figures(authority, folder, added, whole):
    (folder / "bulk").mkdir()
    office = Office(folder / "bulk", authority)
    kills, counts = backlog(office, authority)
    ours, whole_cpu, peer = cpu(office, authority)
    share, speed, raw, elapsed = again(office)
    stamped, proven = slow(office, "b-t"), slow(office, "b-lt")
    return [
        "## A backlog signed again\n",
        f"{BACKLOG} archived documents of two persons at B-B, B-T and B-LT, two thirds delivered, one of them broken; `sign --resign --level b-lt` "
        f"with a renewed certificate, killed by SIGKILL at {kills} random moments (signed again after each: {', '.join(map(str, counts))}). "
        f"At the end {BACKLOG - 1} of {BACKLOG} signed again exactly once, the broken one refused by name, every delivered one delivered again as "
        "a file beside the first, with a receipt of its own.\n",
        "## Figures\n",
        "| what | figure | aim |", "|---|---|---|",
        f"| B-LT adds to B-B, first signature | {added[0] / 1000:.1f} KB (the whole signature {whole[0] / 1000:.1f} KB) | 18 KB |",
        f"| B-LT adds to B-B, second signature | {added[1] / 1000:.1f} KB (the whole signature {whole[1] / 1000:.1f} KB) | 10 KB |",
        f"| token of 0.5 s at B-T, 100 documents: share of its rate | {stamped * 100:.1f} % | 98 % |",
        f"| token of 0.5 s at B-LT, 100 documents: share of its rate | {proven * 100:.1f} % | 98 % |",
        f"| CPU of each further document at B-LT, ms | {ours:.2f}; pyHanko {peer:.1f}: {peer / ours:.1f} times ({whole_cpu:.2f} with start and "
        "log-in of a batch of 200) | 10 times |",
        f"| 1,000 archived documents signed again, SoftHSM2, B-B | {speed:.0f}/s, raw C_Sign {raw:.0f}/s: {share * 100:.0f} %; whole command "
        f"{elapsed:.2f} s | 60 % |",
    ]


if __name__ == "__main__" and sys.argv[1:2] == ["--pyhanko"]:
    as_pyhanko(*[Path(argument) if index in (0, 2, 3) else argument for index, argument in enumerate(sys.argv[2:])])
