#!/usr/bin/env python3
"""Real servers that documents are delivered to, on free ports of 127.0.0.1, and a double of one document system.

destinations.py FOLDER    starts them, writes FOLDER/servers.json and stops them when its standard input ends.

s3         moto, bucket "sealed", access key k, secret s
sftp       OpenSSH with internal-sftp as the user who runs this; FOLDER/sftp is the folder, client.key the key, known_hosts
smtp       aiosmtpd with AUTH u / p; every message is a file in FOLDER/mail; FOLDER/smtp-mode: ok, defer, drop (kept, then the line is
           cut), full, receiver, sender (unknown there)
paperless  a double of Paperless-ngx by its documented interface, token t; FOLDER/paperless-mode, several words: slow (tasks do not end),
           lost (stored, the answer is cut off), rewrites (keeps another file), refuses (tasks fail), unfiltered (an unknown filter shows
           everything), page (a login page with 200), strict (duplicates are refused)
system     a document system with odd habits, for tests/servers/system.toml; FOLDER/system-mode, several words: rewrites (keeps another
           file), forgets (tasks are unknown), lags (the search finds nothing), nameless (hits have no number), numberless (stored under no
           number), twice (stored, then answered with 409), away (files are not given out), removed (the first file is not there any more). FOLDER/system.json: digests of what it was given
narrow     storage that answers 403 for what is not there, as a key without the right to list gets it; FOLDER/narrow.json: its names
"""
import asyncio
import getpass
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def mode(folder: Path, name: str) -> str:
    file = folder / f"{name}-mode"
    return file.read_text().strip() if file.exists() else "ok"


def s3(port: int) -> subprocess.Popen:
    code = ("from moto.server import ThreadedMotoServer as S; import boto3, sys, time\n"
            f"s = S(ip_address='127.0.0.1', port={port}, verbose=False); s.start()\n"
            f"c = boto3.client('s3', endpoint_url='http://127.0.0.1:{port}', aws_access_key_id='k', aws_secret_access_key='s', region_name='us-east-1')\n"
            "c.create_bucket(Bucket='sealed'); print('up', flush=True); sys.stdin.read()\n")
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.readline()
    return process


def sftp(folder: Path, port: int) -> subprocess.Popen:
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / f"{name}.key"], check=True)
    (folder / "sftp").mkdir()
    public = (folder / "host.key.pub").read_text().split()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n")
    (folder / "authorized").write_text((folder / "client.key.pub").read_text())
    (folder / "authorized").chmod(0o644)
    (folder / "sshd_config").write_text(f"""
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host.key
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/authorized
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
StrictModes no
ForceCommand internal-sftp
Subsystem sftp internal-sftp
""")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    return subprocess.Popen(["/usr/sbin/sshd", "-D", "-f", folder / "sshd_config", "-E", folder / "sshd.log"])


def smtp(folder: Path, port: int):
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
    (folder / "mail").mkdir()

    class Handler:
        async def handle_MAIL(self, server, session, envelope, address, options):
            if mode(folder, "smtp") == "sender":
                return "550 5.7.1 not your address"
            envelope.mail_from = address
            return "250 OK"

        async def handle_RCPT(self, server, session, envelope, address, options):
            if mode(folder, "smtp") == "receiver":
                return "550 5.1.1 no such user here"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):
            now = mode(folder, "smtp")
            if now == "defer":
                return "451 4.3.0 try again later"
            if now == "full":
                return "552 5.2.2 mailbox full"
            (folder / "mail" / f"{time.time_ns()}.eml").write_bytes(envelope.original_content)
            if now == "drop":
                server.transport.abort()
            return "250 2.0.0 queued as " + hashlib.sha256(envelope.original_content).hexdigest()[:16]

    def login(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login == b"u" and data.password == b"p"))

    controller = Controller(Handler(), hostname="127.0.0.1", port=port, authenticator=login, auth_required=True,
                            auth_require_tls=False, data_size_limit=50 << 20)
    controller.start()


def part(body: bytes, boundary: bytes, name: str):
    for piece in body.split(b"--" + boundary):
        head, _, content = piece.partition(b"\r\n\r\n")
        if f'name="{name}"'.encode() in head:
            return content[:-2]
    return None


class Double(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, value, status=200, kind="application/json", **headers):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def serve(handler, port: int):
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()


def system(folder: Path, port: int):
    stored, lock = [], threading.Lock()

    class Handler(Double):
        def do_GET(self):
            now = mode(folder, "system").split()
            if self.path == "/canary":
                return self.answer({"ok": 1})
            kind, _, rest = self.path.strip("/").partition("/")
            if kind == "search":
                hits = [] if "lags" in now else [n for n, d in enumerate(stored) if hashlib.sha256(d).hexdigest() == rest]
                return self.answer({"results": [{"key" if "nameless" in now else "id": n} for n in hits]})
            if kind == "task" and "forgets" not in now:
                return self.answer({"status": "SUCCESS", "document": None if "numberless" in now else rest})
            if kind == "file" and "away" not in now and not ("removed" in now and rest == "0"):
                return self.answer(stored[int(rest)], kind="application/pdf")
            self.answer({}, 404)

        def do_POST(self):
            body, now = self.body(), mode(folder, "system").split()
            content = part(body, self.headers["Content-Type"].split("boundary=")[1].encode(), "document")
            with lock:
                known = content in stored
                if not (known and "twice" in now):
                    stored.append(content + b"\n% changed" if "rewrites" in now else content)
                number = len(stored) - 1
                (folder / "system.json").write_text(json.dumps([hashlib.sha256(d).hexdigest() for d in stored]))
            if "twice" in now:
                return self.answer({"detail": "document already exists"}, 409)
            self.answer({"task": str(number)})

    serve(Handler, port)


def narrow(folder: Path, port: int):
    stored, known = {}, {"x_amz_request_id": "1"}

    class Handler(Double):
        def denied(self):
            self.answer(b"<Error><Code>AccessDenied</Code></Error>", 403, "application/xml", **known)

        def do_HEAD(self):
            self.do_GET()

        def do_GET(self):
            name = self.path.split("?")[0]
            self.answer(stored[name], kind="application/pdf", **known) if name in stored else self.denied()

        def do_PUT(self):
            body, name = self.body(), self.path.split("?")[0]
            taken = name in stored
            stored.setdefault(name, body)
            (folder / "narrow.json").write_text(json.dumps(sorted(stored)))
            self.answer(b"", 412 if taken else 200, **known)

    serve(Handler, port)


def paperless(folder: Path, port: int):
    stored, tasks, lock = [], {}, threading.Lock()

    class Handler(Double):
        def admitted(self):
            if "page" in mode(folder, "paperless").split():
                self.answer(b"<html>Sign in</html>", kind="text/html")
                return False
            if self.headers.get("Authorization") != "Token t":
                self.answer({"detail": "Invalid token."}, 401)
                return False
            return True

        def do_GET(self):
            if not self.admitted():
                return
            now = mode(folder, "paperless").split()
            with lock:
                if match := re.fullmatch(r"/api/documents/(\d+)/download/\?original=true", self.path):
                    return self.answer(stored[int(match[1]) - 1]["kept"], kind="application/pdf")
                if match := re.match(r"/api/documents/\?checksum__iexact=(\w+)", self.path):
                    wanted = [d for d in stored if d["sha256"] == match[1].lower()]
                    found = stored if "unfiltered" in now else wanted
                    return self.answer({"count": len(found), "results": [{"id": d["id"], "title": d["title"]} for d in found]})
                if self.path.startswith("/api/documents/?"):
                    return self.answer({"count": len(stored), "results": []})
                if match := re.match(r"/api/tasks/\?task_id=(\S+)", self.path):
                    task = tasks.get(match[1])
                    if task and "slow" in now:
                        task = {"status": "STARTED", "related_document": None, "result": None}
                    return self.answer([task] if task else [])
            self.answer({"detail": "Not found."}, 404)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not self.admitted():
                return
            now = mode(folder, "paperless").split()
            boundary = self.headers["Content-Type"].split("boundary=")[1].encode()
            content, title = part(body, boundary, "document"), part(body, boundary, "title")
            digest, task = hashlib.sha256(content).hexdigest(), str(uuid.uuid4())
            with lock:
                known = [d for d in stored if d["sha256"] == digest]
                if "refuses" in now:
                    tasks[task] = {"status": "FAILURE", "related_document": None, "result": "File type not supported"}
                elif known and "strict" in now:
                    tasks[task] = {"status": "FAILURE", "related_document": None, "result": f"It is a duplicate of #{known[0]['id']}"}
                else:
                    kept = content + b"\n% changed" if "rewrites" in now else content
                    stored.append({"id": len(stored) + 1, "sha256": digest, "kept": kept, "title": (title or b"").decode()})
                    tasks[task] = {"status": "SUCCESS", "related_document": str(len(stored)), "result": "Success"}
                (folder / "paperless.json").write_text(json.dumps([{**d, "kept": hashlib.sha256(d["kept"]).hexdigest()} for d in stored]))
            if "lost" in now:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.answer(task)

    serve(Handler, port)


def main():
    folder = Path(sys.argv[1]).resolve()
    ports = {name: free_port() for name in ("s3", "sftp", "smtp", "paperless", "system", "narrow")}
    processes = [s3(ports["s3"]), sftp(folder, ports["sftp"])]
    smtp(folder, ports["smtp"])
    for double in (paperless, system, narrow):
        double(folder, ports[double.__name__])
    ready = folder / "servers.json.new"
    ready.write_text(json.dumps(ports))
    ready.rename(folder / "servers.json")
    sys.stdin.read()
    for process in processes:
        process.terminate()
        process.wait()
    os._exit(0)


if __name__ == "__main__":
    main()
