#!/usr/bin/env python3
"""A document system of limited capacity, for many stations at once: WebDAV's PUT, MOVE, GET, PROPFIND and DELETE in memory.

crowd.py FOLDER CAPACITY    writes FOLDER/port, counts requests by the second and writes them into FOLDER/seconds.json when its standard
                            input ends. While FOLDER/down exists every line is cut off. Above CAPACITY requests in a second it answers
                            503 with Retry-After, as an overwhelmed system does.
"""
import json
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER, CAPACITY = Path(sys.argv[1]), int(sys.argv[2])
LOCK, FILES = threading.Lock(), {}
ASKED, REFUSED = Counter(), Counter()


class System(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status: int, body: bytes = b"", **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def admitted(self) -> bool:
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        if (FOLDER / "down").exists():
            self.close_connection = True
            return False
        second = int(time.time())
        with LOCK:
            ASKED[second] += 1
            full = ASKED[second] - REFUSED[second] > CAPACITY
            REFUSED[second] += full
        if full:
            self.answer(503, Retry_After="3")
        return not full

    def do_PUT(self):
        if self.admitted():
            FILES[self.path] = self.body
            self.answer(201)

    def do_MOVE(self):
        if not self.admitted():
            return
        target = "/" + self.headers["Destination"].split("/", 3)[3]
        with LOCK:
            if target in FILES:
                status = 412
            elif self.path in FILES:
                FILES[target], status = FILES.pop(self.path), 201
            else:
                status = 404
        self.answer(status)

    def do_GET(self):
        if self.admitted():
            body = FILES.get(self.path)
            self.answer(404 if body is None else 200, body or b"", Content_Type="application/pdf")

    def do_PROPFIND(self):
        if self.admitted():
            self.answer(207, b"<multistatus xmlns='DAV:'/>")

    def do_DELETE(self):
        if self.admitted():
            self.answer(404 if FILES.pop(self.path, None) is None else 204)


ThreadingHTTPServer.request_queue_size = 512
server = ThreadingHTTPServer(("127.0.0.1", 0), System)
threading.Thread(target=server.serve_forever, daemon=True).start()
(FOLDER / "port.new").write_text(str(server.server_address[1]))
(FOLDER / "port.new").rename(FOLDER / "port")
sys.stdin.read()
names = [name for name in FILES if not name.endswith(".tmp")]
(FOLDER / "seconds.json").write_text(json.dumps({"asked": ASKED, "refused": REFUSED, "files": len(names), "temporary": len(FILES) - len(names)}))
