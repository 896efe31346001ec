#!/usr/bin/env python3
"""A real time-stamp service for the tests (`openssl ts`, RFC 3161 over HTTP) on a free port of 127.0.0.1, and the ways in which one fails.

tsa.py FOLDER      makes an authority, writes FOLDER/tsa.json and answers until its standard input ends.
FOLDER/mode, read before each answer, says how: ok, refuse, hang, garbage, page, busy, cut, nonce, imprint, expired, stranger.
FOLDER/count holds how many questions were asked.
"""
import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HANG = 20
CONFIG = """[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
crypto_device = builtin
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_alg = sha256
"""
EXTENSIONS = {
    "root": "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n",
    "stamp": "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\nsubjectKeyIdentifier=hash\n",
}


def openssl(folder: Path, *arguments, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], cwd=folder, input=given, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def authority(folder: Path):
    for name, text in EXTENSIONS.items():
        (folder / f"{name}.ext").write_text(text)
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    for root in ("root", "stranger-root"):
        openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{root}.key", "-out", f"{root}.csr", "-subj", f"/CN=Test time {root}")
        openssl(folder, "x509", "-req", "-in", f"{root}.csr", "-signkey", f"{root}.key", "-out", f"{root}.pem", "-extfile", "root.ext", "-days", "30")
    for name, root, extensions, days in (
        ("ok", "root", "stamp", "10"), ("expired", "root", "stamp", "-1"), ("stranger", "stranger-root", "stamp", "10"),
    ):
        openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN=Test time stamps {name}")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{root}.pem", "-CAkey", f"{root}.key", "-CAcreateserial", "-out", f"{name}.pem",
                "-extfile", f"{extensions}.ext", "-days", days)


def reply(folder: Path, query: bytes, signer: str) -> bytes:
    (folder / f"query-{threading.get_ident()}").write_bytes(query)
    return openssl(folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", f"query-{threading.get_ident()}", "-signer", f"{signer}.pem", "-inkey", f"{signer}.key")


def altered(query: bytes, mode: str) -> bytes:
    """The question with another nonce (its last bytes but the boolean) or another digest."""
    bytes_ = bytearray(query)
    if mode == "nonce":
        bytes_[-4] ^= 1
    elif mode == "imprint":
        bytes_[query.index(b"\x04\x20") + 2] ^= 1
    return bytes(bytes_)


class Service(BaseHTTPRequestHandler):
    folder = Path()
    lock = threading.Lock()
    count = 0

    def log_message(self, *_):
        pass

    def do_POST(self):
        query = self.rfile.read(min(int(self.headers["Content-Length"]), 1 << 16))
        with self.lock:
            Service.count += 1
            (self.folder / "count").write_text(str(Service.count))
        mode = (self.folder / "mode").read_text().strip()
        if mode == "hang":
            time.sleep(HANG)
        if mode in ("hang", "cut"):
            self.close_connection = True
            return None
        if mode == "busy":
            return self.answer(503, "text/plain", b"later")
        if mode == "page":
            return self.answer(200, "text/html", b"<html>please log in</html>")
        if mode == "garbage":
            return self.answer(200, "application/timestamp-reply", b"\x30\x82\xff\xffgarbage")
        if mode == "refuse":
            return self.answer(200, "application/timestamp-reply", bytes.fromhex("3012301002010230 0b0c096e6f7420746f646179".replace(" ", "")))
        signer = mode if mode in ("expired", "stranger") else "ok"
        with self.lock:
            body = reply(self.folder, altered(query, mode), signer)
        return self.answer(200, "application/timestamp-reply", body)

    def answer(self, status: int, kind: str, body: bytes):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    authority(folder)
    (folder / "mode").write_text("ok")
    Service.folder = folder
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    described = {"url": f"http://127.0.0.1:{server.server_address[1]}/tsa", "root": str(folder / "root.pem")}
    (folder / "tsa.part").write_text(json.dumps(described))
    (folder / "tsa.part").rename(folder / "tsa.json")
    sys.stdin.read()


main()
