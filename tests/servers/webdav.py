#!/usr/bin/env python3
"""Real WebDAV servers for the tests, on free ports of 127.0.0.1: Apache mod_dav (basic and mutual TLS), nginx with dav-ext and rclone.

webdav.py FOLDER      starts them, writes FOLDER/servers.json and stops them when its standard input ends.
Certificates are made at the start: ca.pem, and certificates of the server and of a client. User u, password p.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
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


def main(name: str):
    folder = Path(name).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    certificates(folder)
    for part in ("apache", "apache-tls", "nginx", "rclone", "body", "lock"):
        (folder / part).mkdir(exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder / part, "www-data")
    hashed = subprocess.run(["openssl", "passwd", "-apr1", "p"], check=True, capture_output=True, text=True).stdout.strip()
    (folder / "htpasswd").write_text(f"u:{hashed}\n")
    ports = {key: free_port() for key in ("basic", "tls", "nginx", "rclone")}
    servers = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
               for command in (apache(folder, ports["basic"], ports["tls"]), nginx(folder, ports["nginx"]), rclone(folder, ports["rclone"]))]
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
