#!/usr/bin/env python3
"""Bulk signing against the limit of the token and against pyHanko.

tests/run signing [slow]   writes tests/results/signing.md; with "slow" also the tokens of half a second a signature (3 minutes).

Everything lies on tmpfs, all fsync calls are made. The raw rate is C_SignInit + C_Sign in a C loop (raw_sign.c) before and
after each run; a run's own rate is taken between its 16th and its last row, so that starting the program does not count, and
the whole command is told beside it. pyHanko signs the same files through its API in one process with python-pkcs11.
"""
import datetime
import hashlib
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pikepdf

ROOT = Path(__file__).resolve().parents[2]
SCANSEAL = ROOT / "target/release/scanseal"
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
HEADER = "-I/usr/include/p11-kit-1"
PIN = "975310"
ROUNDS = 3


class Bench:
    """Two tokens with RSA-2048 keys, and workspaces that are filled with built documents."""

    def __init__(self, folder: Path):
        self.folder = folder
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
        (folder / "tokens").mkdir()
        (folder / "control").mkdir()
        (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
        (folder / "pin").write_text(PIN)
        (folder / "pin").chmod(0o600)
        self.tool("cc", "-O2", HEADER, "-o", "raw_sign", ROOT / "tests/peers/raw_sign.c", "-ldl")
        self.tool("cc", "-O1", "-shared", "-fPIC", HEADER, f'-DCONTROL="{folder}/control"', "-o", "slow.so",
                  ROOT / "tests/shim/faulty_token.c", "-ldl")
        self.tool("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem",
                  "-days", "30", "-subj", "/CN=Bench root", "-addext", "keyUsage=critical,keyCertSign")
        self.token("personal", "/CN=An/GN=An/SN=Nguyen/O=UBND", "01")
        self.token("organization", "/CN=UBND/O=UBND", "02")
        self.base = folder / "base.pdf"
        self.tool(SCANSEAL, "convert", ROOT / "scans/scan_0002.jpg", "-o", self.base, "--no-ocr")

    def tool(self, *command, **more):
        done = subprocess.run([str(part) for part in command], cwd=self.folder, capture_output=True, text=True, **more)
        if done.returncode != 0:
            sys.exit(f"{command[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def token(self, name, subject, number):
        self.tool("softhsm2-util", "--init-token", "--free", "--label", name, "--so-pin", "0000", "--pin", PIN)
        self.tool("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "key.pem")
        self.tool("openssl", "req", "-new", "-key", "key.pem", "-out", "csr", "-subj", subject)
        (self.folder / "usage").write_text("keyUsage=critical,digitalSignature,nonRepudiation\n")
        self.tool("openssl", "x509", "-req", "-in", "csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
                  "-days", "20", "-out", f"{name}.pem", "-extfile", "usage")
        self.tool("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-out", "key.p8")
        self.tool("softhsm2-util", "--import", "key.p8", "--token", name, "--label", "key", "--id", number, "--pin", PIN)
        self.tool("openssl", "x509", "-in", f"{name}.pem", "-outform", "DER", "-out", "cert.der")
        self.tool("pkcs11-tool", "--module", SOFTHSM, "--token-label", name, "--login", "--pin", PIN, "--write-object",
                  "cert.der", "--type", "cert", "--id", number, "--label", "key")

    def raw(self, count=1500):
        """Signatures a second of the module alone, and CPU milliseconds of one."""
        rate, cpu = self.tool(self.folder / "raw_sign", SOFTHSM, "personal", "pin", count).split()
        return float(rate), float(cpu)

    def pdf(self, size: int) -> bytes:
        """The built page as a PDF/A of this size: pictures of at most 1 MB, incompressible, that no page shows."""
        out = self.folder / "made.pdf"
        with pikepdf.open(self.base) as pdf:
            pictures = max(1, size // 1_000_000)
            noise = max(0, (size - 40_000) // pictures)
            for _ in range(3):
                for number in range(pictures):
                    picture = pdf.make_stream(b"\xff\xd8\xff\xd9" + os.urandom(noise))
                    picture.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 1, "/Height": 1,
                                    "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8})
                    picture["/Filter"] = pikepdf.Name.DCTDecode
                    pdf.pages[0].Resources.XObject[f"/Pad{number}"] = picture
                pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
                noise = max(0, noise + (size - out.stat().st_size) // pictures)
        return out.read_bytes()

    def workspace(self, name: str, sizes: list[int], module=SOFTHSM) -> Path:
        """A workspace with a built document of each size, under the first one that was really scanned."""
        root = self.folder / name
        self.tool(SCANSEAL, "init", root, "--profile", "eidas")
        key = lambda role: (f"[keys.{role}]\nuri = \"pkcs11:token={role};object=key\"\n"
                            f"pin_source = \"file:{self.folder}/pin\"\n")
        (root / "scanseal.toml").write_text(
            f"profile = \"eidas\"\n[office]\nname = \"UBND\"\n[token]\nmodules = [\"{module}\"]\n"
            f"{key('personal')}{key('organization')}[trust]\ncertificates = [\"{self.folder}/root.pem\"]\n")
        at = ("--workspace", root)
        self.tool(SCANSEAL, "outage", "open", "SC-1", "--system", "DMS", *at)
        manifest = self.folder / "manifest.csv"
        manifest.write_text("file,subject\nscan_0002.jpg,Bench\n")
        scan = self.folder / "scan_0002.jpg"
        shutil.copy(ROOT / "scans/scan_0002.jpg", scan)
        self.tool(SCANSEAL, "scan", scan, "--outage", "SC-1", "--manifest", manifest, *at)
        self.tool(SCANSEAL, "build", "--no-ocr", *at)
        fill(root, self.many(sizes))
        return root

    def many(self, sizes):
        """Variants of one file that differ in 64 bytes of noise: to make each by itself would take minutes."""
        made = self.pdf(sizes[0])
        start = made.index(b"\xff\xd8\xff\xd9") + 4
        for _ in sizes:
            yield made[:start] + os.urandom(64) + made[start + 64:]


def fill(root: Path, files):
    """Rows and blobs of further built documents, as the program itself writes them."""
    store = sqlite3.connect(root / "store.sqlite")
    columns = [row[1] for row in store.execute("PRAGMA table_info(document)")]
    first = dict(zip(columns, store.execute("SELECT * FROM document WHERE id = 1").fetchone()))
    for number, content in enumerate(files, 2):
        digest = hashlib.sha256(content).hexdigest()
        folder = root / "blobs" / digest[:2]
        folder.mkdir(exist_ok=True)
        (folder / digest).write_bytes(content)
        row = {**first, "id": number, "source_key": digest, "latest": digest, "bytes_out": len(content)}
        store.execute(f"INSERT INTO document ({','.join(row)}) VALUES ({','.join('?' * len(row))})", list(row.values()))
        store.execute("INSERT INTO revision VALUES (?, 1, ?, 'build', ?)", (number, digest, int(time.time() * 1e6)))
    # Every one was looked at: `recover` signs nothing else with a personal key.
    store.execute("INSERT INTO seen SELECT id, latest, 'bench', 0 FROM document")
    store.commit()
    store.close()


def usage():
    u = resource.getrusage(resource.RUSAGE_CHILDREN)
    return u.ru_utime + u.ru_stime


def rows(root: Path, reason: str) -> list[int]:
    store = sqlite3.connect(root / "store.sqlite")
    return [at for (at,) in store.execute("SELECT at FROM revision WHERE reason = ? ORDER BY at", (reason,))]


def rate(times, skip=16):
    """Rows a second behind the first ones."""
    return (len(times) - skip) / ((times[-1] - times[skip - 1]) / 1e6)


def sign(root: Path, count: int, *more):
    """Signs everything; gives its rate, seconds of the whole command, CPU milliseconds a document, peak MB."""
    cpu, begun = usage(), time.perf_counter()
    command = ["/usr/bin/time", "-f", "%M", str(SCANSEAL), "sign", "--role", "personal", "--all", "--unseen", "bench", "--json",
               "--workspace", str(root), *more]
    done = subprocess.run(command, capture_output=True, text=True)
    elapsed = time.perf_counter() - begun
    if done.returncode != 0:
        sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
    times = rows(root, "sign:personal")
    assert len(times) == count, (len(times), count)
    return (rate(times) if count > 32 else count / elapsed, elapsed, (usage() - cpu) / count * 1000,
            int(done.stderr.strip().splitlines()[-1]) / 1000)


def pyhanko(folder: Path, files: list[bytes]):
    """Signs the files in one process of its own; gives rate and CPU milliseconds, without starting."""
    where = folder / "pyhanko"
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir()
    for number, content in enumerate(files):
        (where / f"{number}.pdf").write_bytes(content)
    done = subprocess.run([sys.executable, __file__, "--pyhanko", str(where), SOFTHSM, str(folder / "pin")],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr[-3000:])
    return json.loads(done.stdout)


def as_pyhanko(where: Path, module: str, pin: Path):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    from pyhanko.config.pkcs11 import TokenCriteria
    session = open_pkcs11_session(module, token_criteria=TokenCriteria(label="personal"), user_pin=pin.read_text())
    signer = PKCS11Signer(session, cert_label="key", key_label="key")
    meta = signers.PdfSignatureMetadata(field_name="personal", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256",
                                        reason="bench")
    pdf_signer = signers.PdfSigner(meta, signer=signer)

    def one(path: Path, out: Path):
        with path.open("rb") as source, out.open("wb") as target:
            pdf_signer.sign_pdf(IncrementalPdfFileWriter(source), output=target)
            target.flush()
            os.fsync(target.fileno())

    files = sorted(where.glob("*.pdf"))
    one(files[0], where / "warm")
    used, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    for path in files:
        one(path, path.with_suffix(".signed"))
    elapsed, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    added = files[0].with_suffix(".signed").stat().st_size - files[0].stat().st_size
    print(json.dumps({"rate": len(files) / elapsed, "cpu": cpu / len(files) * 1000, "added": added,
                      "rss": after.ru_maxrss / 1000}))


def added(root: Path) -> int:
    store = sqlite3.connect(root / "store.sqlite")
    old, new = [store.execute("SELECT sha256 FROM revision WHERE document = 2 AND ordinal = ?", (n,)).fetchone()[0] for n in (1, 2)]
    size = lambda digest: (root / "blobs" / digest[:2] / digest).stat().st_size
    return size(new) - size(old)


def small(bench: Bench):
    """200 PDFs of 60 KB, in rounds, with the raw rate around each."""
    shares, cpus, whole, raws, ours = [], [], [], [], []
    for turn in range(ROUNDS):
        root = bench.workspace(f"small-{turn}", [60_000] * 199)
        before = bench.raw()[0]
        speed, elapsed, cpu, _ = sign(root, 200)
        raw = (before + bench.raw()[0]) / 2
        shares.append(speed / raw), cpus.append(cpu), whole.append(elapsed), raws.append(raw), ours.append(speed)
    peer = pyhanko(bench.folder, list(bench.many([60_000] * 200)))
    middle = lambda values: sorted(values)[len(values) // 2]
    return {"raw": middle(raws), "ours": middle(ours), "share": middle(shares), "cpu": middle(cpus), "whole": middle(whole),
            "raw_cpu": bench.raw()[1], "peer": peer, "added": added(root)}


def large(bench: Bench):
    root = bench.workspace("large", [5_000_000] * 39)
    speed, _, cpu, _ = sign(root, 40)
    peer = pyhanko(bench.folder, list(bench.many([5_000_000] * 20)))
    return speed, cpu, peer


def slow(bench: Bench, count=100):
    """Tokens of half a second a signature: one, then two at the same time."""
    (bench.folder / "control/delay").write_text("500000")
    root = bench.workspace("slow-one", [60_000] * (count - 1), bench.folder / "slow.so")
    sign(root, count)
    one = rate(rows(root, "sign:personal"), 1) / 2
    root = bench.workspace("slow-two", [60_000] * (count - 1), bench.folder / "slow.so")
    begun = time.time()
    bench.tool(SCANSEAL, "recover", bench.folder / "scan_0002.jpg", "--manifest", bench.folder / "manifest.csv", "--outage", "SC-1",
               "--no-ocr", "--yes", "--json", "--workspace", root)
    personal, sealed = rows(root, "sign:personal"), rows(root, "sign:organization")
    assert len(sealed) == count, len(sealed)
    # All of the journey between the first signature's beginning and the last row, against count * 0.5 s.
    two = count * 0.5 / ((sealed[-1] - personal[0]) / 1e6 + 0.5)
    return one, two, time.time() - begun


def memory(bench: Bench):
    _, _, cpu, many = sign(bench.workspace("many", [60_000] * 1999), 2000)
    _, _, _, one = sign(bench.workspace("huge", [100_000_000]), 2)
    return many, own(bench.workspace("own", [60_000] * 1999)), one, cpu


def own(root: Path):
    """Peak of what is not program text or another mapped file, MB, looked at every 20 ms."""
    process = subprocess.Popen([str(SCANSEAL), "sign", "--role", "personal", "--all", "--unseen", "bench", "--json", "--workspace",
                                str(root)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        try:
            status = dict(line.split(":", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
            peak = max(peak, int(status.get("RssAnon", "0 kB").split()[0]))
        except FileNotFoundError:
            break
        time.sleep(0.02)
    return peak / 1000


def main():
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        bench = Bench(Path(folder))
        facts = small(bench)
        rate5, cpu5, peer5 = large(bench)
        many, many_own, huge, cpu_many = memory(bench)
        # pyHanko's figure is that of a process that has started and logged in; so is this one.
        further = (2000 * cpu_many - 200 * facts["cpu"]) / 1800
        lines = [
            f"# Bulk signing, {datetime.date.today()}\n",
            "`tests/run signing slow`: SoftHSM2, RSA-2048, B-B, invisible, workspace on tmpfs with all fsync calls made; "
            f"{ROUNDS} rounds, the middle one; pyHanko 0.38 by its API in one process (python-pkcs11). CPU is that of the command "
            f"and its token process. Load of the {os.cpu_count()} cores when it began: {load:.1f}; figures that have to do with "
            "time mean little where it is more than one.\n",
            "| what | scanseal | pyHanko | limit or ratio |", "|---|---|---|---|",
            f"| 200 PDFs of 60 KB: signatures a second | {facts['ours']:.0f} | {facts['peer']['rate']:.0f} | raw C_Sign "
            f"{facts['raw']:.0f}: {facts['share'] * 100:.0f} % |",
            f"| the whole command, with start, log-in and end: seconds | {facts['whole']:.2f} | | |",
            f"| CPU milliseconds of each further document (C_Sign alone: {facts['raw_cpu']:.2f}) | {further:.2f} | {facts['peer']['cpu']:.1f} | "
            f"{facts['peer']['cpu'] / further:.1f} times less |",
            f"| the same with start and log-in, 200 documents | {facts['cpu']:.2f} | | {facts['peer']['cpu'] / facts['cpu']:.1f} times less |",
            f"| 5 MB PDFs: signatures a second | {rate5:.0f} | {peer5['rate']:.1f} | {rate5 / peer5['rate']:.1f} times |",
            f"| 5 MB PDFs: CPU milliseconds | {cpu5:.1f} | {peer5['cpu']:.1f} | {peer5['cpu'] / cpu5:.1f} times less |",
            f"| bytes added, one CA that is the anchor | {facts['added']} | {facts['peer']['added']} | |",
            f"| peak memory, 2,000 files of 60 KB: MB | {many:.0f}, without the program's text {many_own:.0f} | "
            f"{facts['peer']['rss']:.0f} (200 files) | |",
            f"| peak memory, one file of 100 MB: MB | {huge:.0f} | | file + {huge - 100:.0f} |",
        ]
        if "slow" in sys.argv[1:]:
            one, two, _ = slow(bench)
            lines += [f"| token of 0.5 s a signature, 100 documents: share of its rate | {one * 100:.1f} % | | |",
                      f"| two such tokens, personal then organization, 100 documents: share of one's rate | {two * 100:.1f} % | | |"]
    text = "\n".join(lines) + "\n"
    (ROOT / "tests/results/signing.md").write_text(text)
    print(text)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pyhanko"]:
        as_pyhanko(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
    else:
        main()
