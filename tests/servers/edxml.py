#!/usr/bin/env python3
"""A double of a provincial gateway of the document axis, on a free port of 127.0.0.1. No such gateway can be reached from here: the
calls, headers and error numbers are those of published clients (POST /v1/sendEdoc with edocFile and messageType, X-SystemId,
X-SecretKey), the packets those of the samples of QCVN 102:2016; the paths of the lists and the names in the answers are this double's.

edxml.py FOLDER    starts it, writes FOLDER/edxml.json {"port"} and stops when its standard input ends.

FOLDER/packets     every packet that was taken, named by its docId
FOLDER/mode        several words: 10, 15, 18, 19, 20, 22 (the next packets get this number), lost (taken, the answer is cut off), silent
                   (receivers send no status), refused (they send 02), foreign (they send a status about another document), down (503),
                   crowd (behind them 1,500 statuses about other documents came in)
FOLDER/fetched     the number of every status packet that was fetched
"""
import base64
import io
import json
import re
import sys
import threading
import zipfile
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
folder = Path(sys.argv[1])
(folder / "packets").mkdir(exist_ok=True)
lock = threading.Lock()
sent: list[dict] = []
statuses: dict[str, str] = {}


def words() -> list[str]:
    file = folder / "mode"
    return file.read_text().split() if file.exists() else []


def local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def text(root: ElementTree.Element, *path: str) -> str:
    for name in path:
        root = next((e for e in root.iter() if local(e) == name), None)
        if root is None:
            return ""
    return (root.text or "").strip()


def status(receiver: str, document: str, code: str) -> str:
    organ, date, number = document.split(",", 2)
    return (f'<edXML:Status xmlns:edXML="{NAMESPACE}"><edXML:Header><edXML:ResponseFor><edXML:OrganId>{organ}</edXML:OrganId>'
            f"<edXML:Code>{number}</edXML:Code><edXML:PromulgationDate>{date}</edXML:PromulgationDate>"
            f"<edXML:DocumentId>{document}</edXML:DocumentId></edXML:ResponseFor><edXML:From><edXML:OrganId>{receiver}</edXML:OrganId>"
            f"</edXML:From><edXML:StatusCode>{code}</edXML:StatusCode><edXML:Description>test {code}</edXML:Description>"
            "<edXML:Timestamp>2026/11/30 08:00:00</edXML:Timestamp></edXML:Header></edXML:Status>")


def take(packet: bytes) -> dict:
    """Looks at a packet as a gateway does; the number of what is wrong, or its docId."""
    try:
        root = ElementTree.fromstring(packet)
        contents = [e.text or "" for e in root.iter() if local(e) == "ContentTransferEncoded"]
        contents = contents or [e.text or "" for e in root.iter() if local(e) == "Content" and (e.text or "").startswith("UEsDB")]
        for coded in contents:
            names = zipfile.ZipFile(io.BytesIO(base64.b64decode(coded, validate=True))).namelist()
            assert len(names) == 1 and names[0].endswith(".pdf")
        links = [text(e, "ContentId") for e in root.iter() if local(e) == "Reference"]
        assert contents and len(links) == len(contents)
        document = text(root, "DocumentId")
        assert re.fullmatch(r"[^,]+,\d{4}/\d{2}/\d{2},[^,]+/[^,]+", document)
    except Exception as fault:  # whatever it is, it is no packet
        return {"code": "22", "message": repr(fault)}
    receivers = [text(e, "OrganId") for e in root.iter() if local(e) == "To"]
    if not receivers or "000.00.00.X99" in receivers:
        return {"code": "18", "message": "unknown receiver"}
    with lock:
        number = f"edoc-{len(sent) + 1}"
        sent.append({"docId": number, "documentId": document, "receivers": receivers})
        (folder / "packets" / number).write_bytes(packet)
    return {"code": "0", "message": "ok", "docId": number}


def answer_for_receivers():
    """The receivers of all packets send their status, as the mode says, each once."""
    mode = words()
    for packet in [] if "silent" in mode else sent:
        document = packet["documentId"]
        if "foreign" in mode:
            document = document.split(",")[0] + ",1999/01/01,1/X"
        for receiver in packet["receivers"]:
            code = "02" if "refused" in mode and receiver == packet["receivers"][-1] else "01"
            statuses.setdefault(f"{receiver}-{document}-{code}".replace("/", ".").replace(",", "."), status(receiver, document, code))
    if "crowd" in mode and sent:
        for n in range(1500):
            statuses.setdefault(f"other-{n}", status("G09.01", f"H01.151,1999/01/01,{n}/X", "01"))


class Gateway(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body: object, status: int = 200, kind: str = "application/json"):
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def known(self) -> bool:
        if "down" in words():
            self.answer({"message": "maintenance"}, 503)
            return False
        if (self.headers.get("X-SystemId"), self.headers.get("X-SecretKey")) != ("xa-muong-lam", "k3y"):
            self.answer({"code": "15", "message": "wrong SystemId or SecretKey"})
            return False
        return True

    def do_GET(self):
        if not self.known():
            return
        if self.path == "/v1/getSentEdocList?messageType=edoc":
            self.answer({"code": "0", "data": sent})
        elif self.path == "/v1/getReceivedEdocList?messageType=status":
            answer_for_receivers()
            self.answer({"code": "0", "data": [{"docId": number} for number in statuses]})
        elif self.path.startswith("/v1/getEdoc?docId=") and self.path.split("=", 1)[1] in statuses:
            with lock, (folder / "fetched").open("a") as fetched:
                print(self.path.split("=", 1)[1], file=fetched)
            self.answer(statuses[self.path.split("=", 1)[1]], kind="application/xml")
        else:
            self.answer({"message": "nothing here"}, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.known():
            return
        if self.path != "/v1/sendEdoc":
            self.answer({"message": "nothing here"}, 404)
            return
        form = message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body)
        parts = {p.get_param("name", header="content-disposition"): p.get_payload(decode=True) for p in form.get_payload()}
        mode = words()
        number = next((word for word in mode if word.isdigit()), None)
        if parts.get("messageType", b"").strip() != b"edoc":
            self.answer({"code": "10", "message": "messageType"})
        elif number:
            self.answer({"code": number, "message": f"test {number}"})
        else:
            answer = take(parts["edocFile"])
            if "lost" in mode:
                self.close_connection = True
                self.connection.close()
                return
            self.answer(answer)


server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
threading.Thread(target=server.serve_forever, daemon=True).start()
draft = folder / "edxml.json.part"
draft.write_text(json.dumps({"port": server.server_port}))
draft.rename(folder / "edxml.json")
sys.stdin.read()
