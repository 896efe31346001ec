#!/usr/bin/env python3
"""A real PostgreSQL on a free port of 127.0.0.1, user seal with the password s, for the tests.

postgres.py FOLDER         starts it, writes the port into FOLDER/port and stops it when its standard input ends.
postgres.py FOLDER crash   stops it as a power cut would (immediate) and starts it again.
The server refuses to run as root; then it runs as the user postgres.
"""
import glob
import os
import socket
import subprocess
import sys
from pathlib import Path


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def binary(name: str) -> str:
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    return found[-1] if found else name


def run(folder: Path, *command, **more):
    lowered = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    subprocess.run([*lowered, *command], cwd=folder, check=True, stdout=subprocess.DEVNULL, **more)


def control(folder: Path, *command):
    data, log = folder / "data", folder / "log"
    run(folder, binary("pg_ctl"), "-D", str(data), "-w", "-l", str(log), *command)


def main():
    folder = Path(sys.argv[1])
    if sys.argv[2:] == ["crash"]:
        control(folder, "-m", "immediate", "stop")
        return control(folder, "start")
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        subprocess.run(["chown", "postgres", folder], check=True)
    secret, port = folder / "initial", free_port()
    secret.write_text("s\n")
    secret.chmod(0o644)
    run(folder, binary("initdb"), "-D", str(folder / "data"), "-A", "scram-sha-256", "-U", "seal", "-E", "UTF8", "--locale=C.UTF-8",
        f"--pwfile={secret}", "--no-instructions")
    with open(folder / "data/postgresql.conf", "a") as settings:
        settings.write(f"port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\n")
    control(folder, "start")
    try:
        (folder / "port.new").write_text(str(port))
        (folder / "port.new").rename(folder / "port")
        sys.stdin.read()
    finally:
        control(folder, "-m", "fast", "stop")


main()
