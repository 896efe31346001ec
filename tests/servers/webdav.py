#!/usr/bin/env python3
"""Real WebDAV servers for the tests, on free ports of 127.0.0.1: Apache mod_dav (basic and mutual TLS), nginx with dav-ext and rclone.

webdav.py FOLDER      starts them, writes FOLDER/servers.json and stops them when its standard input ends.
A double, "odd", keeps files in FOLDER/odd; FOLDER/odd-mode: rewrites (keeps other bytes), overwrites (MOVE knows no Overwrite: F), page
(a static page in the place of the server, which knows GET alone).
Certificates are made at the start: ca.pem, and certificates of the server and of a client. User u, password p.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODULES = "/usr/lib/apache2/modules"
APACHE = ["mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "dav", "dav_fs", "ssl", "socache_shmcb", "unixd"]


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def openssl(folder: Path, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificates(folder: Path):
    days = ["-days", "2"]
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA", *days)
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    for name in ("server", "client"):
        openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", f"{name}.pem", "-extfile", "names", *days)
        (folder / f"{name}.key").chmod(0o600)


def owner() -> str:
    return "www-data" if os.geteuid() == 0 else str(os.geteuid())


def apache(folder: Path, basic: int, tls: int) -> list[str]:
    loads = "\n".join(f"LoadModule {m}_module {MODULES}/mod_{m}.so" for m in APACHE if os.path.exists(f"{MODULES}/mod_{m}.so"))
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    (folder / "httpd.conf").write_text(f"""
ServerRoot {folder}
PidFile {folder}/httpd.pid
ErrorLog {folder}/error.log
ServerName localhost
Listen 127.0.0.1:{basic}
Listen 127.0.0.1:{tls}
{loads}
{user}
DavLockDB {folder}/lock/db
DocumentRoot {folder}/apache
LimitRequestBody 0
<Directory {folder}/apache>
 Dav On
 AuthType Basic
 AuthName test
 AuthUserFile {folder}/htpasswd
 Require valid-user
</Directory>
<VirtualHost 127.0.0.1:{tls}>
 SSLEngine on
 SSLCertificateFile {folder}/server.pem
 SSLCertificateKeyFile {folder}/server.key
 SSLCACertificateFile {folder}/ca.pem
 SSLVerifyClient require
 DocumentRoot {folder}/apache-tls
 <Directory {folder}/apache-tls>
  Dav On
  Require all granted
 </Directory>
</VirtualHost>
""")
    return ["/usr/sbin/apache2", "-f", f"{folder}/httpd.conf", "-DFOREGROUND"]


def nginx(folder: Path, port: int) -> list[str]:
    user = "user www-data;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(f"""
load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
{user} worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{}}
http {{
 access_log off; client_max_body_size 64m; client_body_temp_path {folder}/body;
 server {{
  listen 127.0.0.1:{port}; root {folder}/nginx; auth_basic test; auth_basic_user_file {folder}/htpasswd;
  location / {{ dav_methods PUT DELETE MKCOL COPY MOVE; dav_ext_methods PROPFIND OPTIONS; }}
 }}
}}
""")
    return ["/usr/sbin/nginx", "-c", f"{folder}/nginx.conf", "-p", str(folder)]


def rclone(folder: Path, port: int) -> list[str]:
    return ["/usr/bin/rclone", "--config", "/dev/null", "serve", "webdav", f"{folder}/rclone", "--addr", f"127.0.0.1:{port}", "--user", "u", "--pass", "p"]


def odd(folder: Path, port: int):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self, status, data=b"", kind="text/plain"):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def any(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            file = folder / "odd" / self.path.strip("/")
            mode = (folder / "odd-mode").read_text() if (folder / "odd-mode").exists() else ""
            if mode == "page":
                return self.answer(200 if self.command == "GET" else 405, b"<html>Back soon</html>", "text/html")
            if self.command == "PROPFIND":
                return self.answer(207)
            if self.command == "PUT":
                file.write_bytes(body + b"\n% changed" if mode == "rewrites" else body)
                return self.answer(201)
            if not file.is_file():
                return self.answer(404)
            if self.command == "GET":
                return self.answer(200, file.read_bytes(), "application/pdf")
            if self.command == "DELETE":
                file.unlink()
                return self.answer(204)
            target = folder / "odd" / self.headers["Destination"].split("/")[-1]
            if target.exists() and mode != "overwrites":
                return self.answer(412)
            file.rename(target)
            self.answer(201)

        do_GET = do_PUT = do_DELETE = do_MOVE = do_PROPFIND = any

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main(name: str):
    folder = Path(name).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    certificates(folder)
    for part in ("apache", "apache-tls", "nginx", "rclone", "odd", "body", "lock"):
        (folder / part).mkdir(exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder / part, "www-data")
    hashed = subprocess.run(["openssl", "passwd", "-apr1", "p"], check=True, capture_output=True, text=True).stdout.strip()
    (folder / "htpasswd").write_text(f"u:{hashed}\n")
    ports = {key: free_port() for key in ("basic", "tls", "nginx", "rclone", "odd")}
    servers = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
               for command in (apache(folder, ports["basic"], ports["tls"]), nginx(folder, ports["nginx"]), rclone(folder, ports["rclone"]))]
    odd(folder, ports["odd"])
    try:
        for port in ports.values():
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.1)
        draft = folder / "servers.json.part"
        draft.write_text(json.dumps(ports))
        draft.rename(folder / "servers.json")
        sys.stdin.read()
    finally:
        for server in servers:
            server.send_signal(signal.SIGTERM)
            server.wait(10)


if __name__ == "__main__":
    main(sys.argv[1])
