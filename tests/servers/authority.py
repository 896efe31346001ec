#!/usr/bin/env python3
"""A whole authority for the tests, made by certomancer: certificates, a responder, revocation lists and time stamps over HTTP on a free
port of 127.0.0.1, and the ways in which such services fail or lie.

authority.py FOLDER [quick] [soon]   writes keys (FOLDER/NAME.p12), root.pem and FOLDER/authority.json, answers until its standard input
ends; quick makes short keys for the authorities, soon lets the time stamps end within a year.
FOLDER/mode, read before each answer, holds words like `ocsp=stale crl=away`; a word without `=` is for all three kinds:
  ok        as it should be
  away      503                          hang      no answer for 20 s
  flicker   every second question 503    garbage   bytes that are nothing
  stale     an answer of ninety days ago
  stranger  an answer by another authority of the same names
  revoked   person and organization are revoked since the service began (the responder says so)
  revoked-authority   the authority that issued them is
FOLDER/count holds how many questions of each kind were asked, as JSON.
"""
import datetime
import functools
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml
from asn1crypto import ocsp, tsp
from certomancer.registry import CertomancerConfig, CertLabel, ArchLabel, ServiceLabel
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

# certomancer loads a key anew for each answer, and loading checks it for a fifth of a second.
serialization.load_der_private_key = functools.cache(serialization.load_der_private_key)
HANG, PIN, QUICK = 20, b"135790", "quick" in sys.argv[2:]
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
BITS = {"root": 4096, "office-ca": 3072, "time-ca": 3072, "tsa": 3072}
#          label: (common name, issuer, first and last day from now, profile)
ISSUED = {
    "root": ("Test root", "root", (-200, 7300), "ca"),
    "office-ca": ("Test office CA", "root", (-200, 3600), "ca"),
    "time-ca": ("Test time CA", "root", (-200, 7000), "ca"),
    "tsa": ("Test time stamps", "time-ca", (-10, 200 if "soon" in sys.argv[2:] else 6900), "tsa"),
    "office-ocsp": ("Test office responder", "office-ca", (-10, 90), "ocsp"),
    "person": ("Test person", "office-ca", (-1, 700), "signer"),
    "second": ("Test second person", "office-ca", (-1, 500), "signer"),
    "organization": ("Test organization", "office-ca", (-1, 700), "signer"),
    "renewed": ("Test organization renewed", "office-ca", (-1, 900), "signer"),
}
SIGNERS = [label for label, facts in ISSUED.items() if facts[3] == "signer"]


def iso(days):
    return (NOW + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S+0000")


def certificate(label):
    _, issuer, days, profile = ISSUED[label]
    spec = {"issuer": issuer, "validity": {"valid-from": iso(days[0]), "valid-to": iso(days[1])}}
    if profile == "ca":
        services = {"crl-repo": label} | ({"ocsp-service": label} if label == "office-ca" else {})
        spec["profiles"] = [{"id": "simple-ca", "params": services}]
    elif profile == "ocsp":
        spec["profiles"] = ["ocsp-responder"]
    elif profile == "signer":
        spec["profiles"] = ["digsig-commitment"]
    else:
        spec["extensions"] = [
            {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": ["digital_signature"]}},
            {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]}]
    return spec


def architecture(keyset, revoked=(), days=0):
    certs = {label: certificate(label) for label in ISSUED}
    for label in revoked:
        certs[label]["revocation"] = {"revoked-since": iso(days), "reason": "key_compromise"}
    lists = {label: {"for-issuer": label, "signing-key": label, "simulated-update-schedule": "P60D"}
             for label, facts in ISSUED.items() if facts[3] == "ca"}
    responder = {"for-issuer": "office-ca", "responder-cert": "office-ocsp", "signing-key": "office-ocsp", "validity-period": {"days": 7}}
    return {"keyset": keyset, "entity-defaults": {"country-name": "VN", "organization-name": "UBND"},
            "entities": {label: {"common-name": facts[0]} for label, facts in ISSUED.items()}, "certs": certs,
            "services": {"crl-repo": lists, "ocsp": {"office-ca": responder},
                         "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa", "certs-to-embed": ["time-ca"]}}}}


def keys(folder):
    folder.mkdir(exist_ok=True)
    for label in ISSUED:
        bits = 2048 if QUICK and label != "tsa" else BITS.get(label, 2048)
        key = rsa.generate_private_key(65537, bits)
        (folder / f"{label}.pem").write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return {"path-prefix": folder.name, "keys": {label: {"path": f"{label}.pem"} for label in ISSUED}}


def authorities(folder, port):
    """One by its mode: the true one, the same with revocations, and one of the same names with other keys. All are called `office`,
    because addresses stand in certificates and lists."""
    keysets = {"office": keys(folder / "keys"), "stranger": keys(folder / "strange-keys")}
    # Lists are made every sixty days, the last one twenty days ago.
    variants = {"office": architecture("office"), "revoked": architecture("office", ["person", "organization"]),
                "revoked-authority": architecture("office", ["office-ca"], -25), "stranger": architecture("stranger")}

    def made(arch):
        config = {"external-url-prefix": f"http://127.0.0.1:{port}", "keysets": keysets, "pki-architectures": {"office": arch}}
        return CertomancerConfig.from_yaml(yaml.safe_dump(config), key_search_dir=str(folder)).get_pki_arch(ArchLabel("office"))

    return {label: made(arch) for label, arch in variants.items()}


def written(folder, arch):
    """What an office gets: keys with their chains, and the anchor."""
    load = lambda label: x509.load_der_x509_certificate(arch.get_cert(CertLabel(label)).dump())
    (folder / "root.pem").write_bytes(load("root").public_bytes(serialization.Encoding.PEM))
    (folder / "pin").write_bytes(PIN)
    (folder / "pin").chmod(0o600)
    for label in SIGNERS:
        key = serialization.load_pem_private_key((folder / "keys" / f"{label}.pem").read_bytes(), None)
        secret = serialization.BestAvailableEncryption(PIN)
        (folder / f"{label}.p12").write_bytes(pkcs12.serialize_key_and_certificates(
            label.encode(), key, load(label), [load("office-ca")], secret))
    for label in ISSUED:
        (folder / f"{label}.cert.pem").write_bytes(load(label).public_bytes(serialization.Encoding.PEM))


class Service(BaseHTTPRequestHandler):
    folder, archs, lock, count = Path(), {}, threading.Lock(), {}

    def log_message(self, *_):
        pass

    def do_POST(self):
        self.serve(self.rfile.read(min(int(self.headers["Content-Length"]), 1 << 16)))

    def do_GET(self):
        self.serve(b"")

    def mode(self, kind):
        words = (self.folder / "mode").read_text().split()
        given = dict(word.split("=", 1) for word in words if "=" in word)
        return given.get(kind, next((word for word in words if "=" not in word), "ok"))

    def serve(self, body):
        """PATH is /ARCH/ocsp/LABEL, /ARCH/tsa/LABEL or /ARCH/crls/LABEL/..."""
        _, _, kind, label = self.path.split("/")[:4]
        kind = {"crls": "crl"}.get(kind, kind)
        with self.lock:
            Service.count[kind] = Service.count.get(kind, 0) + 1
            turn = Service.count[kind]
            (self.folder / "count").write_text(json.dumps(Service.count))
        mode = self.mode(kind)
        if mode == "hang":
            time.sleep(HANG)
            self.close_connection = True
            return None
        if mode == "away" or mode == "flicker" and turn % 2:
            return self.answer(503, "text/plain", b"later")
        if mode == "garbage":
            return self.answer(200, "application/octet-stream", b"\x30\x03\x02\x01\x07")
        with self.lock:
            return self.answer(200, *self.made(kind, ServiceLabel(label), mode, body))

    def made(self, kind, label, mode, body):
        arch = self.archs.get(mode, self.archs["office"])
        at = datetime.datetime.now(datetime.timezone.utc)
        if kind == "tsa":
            stamper = self.archs["stranger" if mode == "stranger" else "office"].service_registry.summon_timestamper(label, at_time=at)
            return "application/timestamp-reply", stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()
        if mode == "stale":
            at -= datetime.timedelta(days=90)
        if kind == "ocsp":
            responder = arch.service_registry.summon_responder(label, at_time=at)
            return "application/ocsp-response", responder.build_ocsp_response(ocsp.OCSPRequest.load(body)).dump()
        return "application/pkix-crl", arch.service_registry.get_crl(label, at_time=at).dump()

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mode").write_text("ok")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.daemon_threads = True
    port = server.server_address[1]
    Service.folder, Service.archs = folder, authorities(folder, port)
    written(folder, Service.archs["office"])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    described = {"tsa": f"http://127.0.0.1:{port}/office/tsa/tsa", "root": str(folder / "root.pem")}
    (folder / "authority.part").write_text(json.dumps(described))
    (folder / "authority.part").rename(folder / "authority.json")
    sys.stdin.read()


main()
