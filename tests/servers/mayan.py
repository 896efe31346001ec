#!/usr/bin/env python3
"""A real Mayan EDMS 4.12 on free ports of 127.0.0.1: its web server, one worker, redis between them and SQLite.

mayan.py HOME install       installs it and prepares an empty system; takes minutes, once
mayan.py HOME serve FOLDER  starts a copy of the empty system in FOLDER, writes FOLDER/servers.json (port, token, document type) and stops it
                            when its standard input ends. While FOLDER/worker-off exists its worker does not run; FOLDER/worker says
                            whether it does.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

PACKAGES = ["mayan-edms==4.12.2", "redis>=6.1,<7"]
# The user that the setup makes gets a token, and nothing but the file is looked at: no text recognition, no metadata tools.
PREPARE = """
import django
django.setup()
from django.contrib.auth import get_user_model
from rest_framework.authtoken.models import Token
from mayan.apps.documents.models import DocumentType
user = get_user_model().objects.filter(is_superuser=True).first()
print(Token.objects.get_or_create(user=user)[0].key, DocumentType.objects.first().pk)
"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def environment(media: Path, redis: int) -> dict:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mayan.settings.production",
        "MAYAN_MEDIA_ROOT": str(media),
        "MAYAN_SECRET_KEY": "of-the-tests-only",
        "MAYAN_ALLOWED_HOSTS": '["127.0.0.1"]',
        "MAYAN_CELERY_BROKER_URL": f"redis://127.0.0.1:{redis}/0",
        "MAYAN_CELERY_RESULT_BACKEND": f"redis://127.0.0.1:{redis}/1",
        "MAYAN_LOCK_MANAGER_BACKEND": "mayan.apps.lock_manager.backends.file_lock.FileLock",
    }


def redis(folder: Path, port: int) -> subprocess.Popen:
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    answers(port)
    return server


def answers(port: int, seconds: int = 60):
    for _ in range(seconds * 10):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing answers on port {port}")


def install(home: Path):
    if (home / "prepared.json").exists():
        return
    venv = home / "venv"
    if not (venv / "bin/mayan-edms.py").exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin/pip", "install", "-q", "--disable-pip-version-check", *PACKAGES], check=True)
    media, port = home / "empty", free_port()
    shutil.rmtree(media, ignore_errors=True)
    media.mkdir(parents=True)
    broker = redis(home, port)
    try:
        told = {"env": environment(media, port), "cwd": media, "check": True}
        setup = [venv / "bin/python", venv / "bin/mayan-edms.py", "common_initial_setup", "--no-dependencies", "--force"]
        with open(home / "setup.log", "wb") as log:
            subprocess.run(setup, stdout=log, stderr=log, **told)
        made = subprocess.run([venv / "bin/python", "-c", PREPARE], capture_output=True, text=True, **told)
    finally:
        broker.terminate()
        broker.wait()
    # They name the folder, and the system is copied elsewhere.
    for settings in media.glob("config*.yml"):
        settings.unlink()
    token, kind = made.stdout.split()[-2:]
    (home / "prepared.json").write_text(json.dumps({"token": token, "document_type": kind}))


class System:
    """The processes of one running system."""

    def __init__(self, home: Path, folder: Path):
        self.venv, self.folder, self.media = home / "venv/bin", folder, folder / "media"
        shutil.copytree(home / "empty", self.media)
        self.port, broker = free_port(), free_port()
        self.environment, self.worker = environment(self.media, broker), None
        self.redis = redis(folder, broker)
        self.web = self.start("web", "gunicorn", "--workers", "1", "--threads", "4", "--bind", f"127.0.0.1:{self.port}", "mayan.wsgi")

    def start(self, log: str, *command) -> subprocess.Popen:
        with open(self.folder / f"{log}.log", "ab") as file:
            command = [self.venv / "python", self.venv / command[0], *command[1:]]
            return subprocess.Popen(command, cwd=self.media, env=self.environment, stdout=file, stderr=file, stdin=subprocess.DEVNULL)

    def look_after_worker(self):
        wanted = not (self.folder / "worker-off").exists()
        if wanted and self.worker is None:
            self.worker = self.start("worker", "celery", "-A", "mayan", "worker", "--pool", "solo", "-l", "INFO")
            self.say("on")
        elif not wanted and self.worker is not None:
            self.worker.terminate()
            self.worker.wait(60)
            self.worker = None
            self.say("off")

    def say(self, state: str):
        (self.folder / "worker.new").write_text(state)
        (self.folder / "worker.new").rename(self.folder / "worker")

    def stop(self):
        for process in (self.worker, self.web, self.redis):
            if process is not None:
                process.terminate()
        for process in (self.worker, self.web, self.redis):
            try:
                process and process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def serve(home: Path, folder: Path):
    prepared = json.loads((home / "prepared.json").read_text())
    system, end = System(home, folder), threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), end.set()), daemon=True).start()
    try:
        system.look_after_worker()
        answers(system.port)
        ask = urllib.request.Request(f"http://127.0.0.1:{system.port}/api/v4/documents/", headers={"Authorization": "Token " + prepared["token"]})
        urllib.request.urlopen(ask, timeout=120).read()
        draft = folder / "servers.json.new"
        draft.write_text(json.dumps({"port": system.port, **prepared}))
        draft.rename(folder / "servers.json")
        while not end.wait(0.1):
            system.look_after_worker()
    finally:
        system.stop()


if __name__ == "__main__":
    place = Path(sys.argv[1]).resolve()
    if sys.argv[2] == "install":
        install(place)
    else:
        serve(place, Path(sys.argv[3]).resolve())
