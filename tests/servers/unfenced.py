#!/usr/bin/env python3
"""PostgreSQL without the fences of deliveries, for the control of the tests that show what the fences are for.

unfenced.py TARGET_PORT PORT_FILE    passes everything between clients and the server on 127.0.0.1 (frontend/backend protocol 3.0). In
every statement that ends or keeps a claim, the comparison with the lease that holds now is taken out: whoever once had a claim may
write. The program is not changed. Ends with its standard input.
"""
import re
import socket
import struct
import sys
import threading

SSL_REQUEST = 80877103
# The ends of one claim, and those of several together.
ONE = re.compile(rb"AND lease = (\$\d+)( AND state = 'leased')?")
SEVERAL = re.compile(rb"WHERE state = 'leased' AND \(")


def unfenced(statement: bytes) -> bytes:
    if not statement.startswith(b"UPDATE job"):
        return statement
    # The parameter keeps its place and its type.
    return SEVERAL.sub(b"WHERE (", ONE.sub(rb"AND \1 <> ''", statement))


def exactly(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = line.recv(count - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def message(line: socket.socket) -> bytes:
    (length,) = struct.unpack("!I", exactly(line, 4))
    return exactly(line, length - 4)


def up(client: socket.socket, server: socket.socket):
    while True:
        first = message(client)
        server.sendall(struct.pack("!I", len(first) + 4) + first)
        if struct.unpack("!I", first[:4])[0] != SSL_REQUEST:
            break
    while True:
        kind, body = exactly(client, 1), message(client)
        # Parse: the name of the statement, its text, the types of its parameters.
        if kind == b"P":
            name, text, types = body.split(b"\0", 2)
            body = b"\0".join([name, unfenced(text), types])
        server.sendall(kind + struct.pack("!I", len(body) + 4) + body)


def down(client: socket.socket, server: socket.socket):
    while data := server.recv(1 << 16):
        client.sendall(data)


def passing(way, client: socket.socket, server: socket.socket):
    try:
        way(client, server)
    except OSError:
        pass
    for line in (client, server):
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(listener: socket.socket, target: int):
    while True:
        client, _ = listener.accept()
        try:
            server = socket.create_connection(("127.0.0.1", target))
        except OSError:
            client.close()
            continue
        for way in (up, down):
            threading.Thread(target=passing, args=(way, client, server), daemon=True).start()


def main(target: int, port_file: str):
    listener = socket.create_server(("127.0.0.1", 0))
    with open(port_file, "w") as file:
        file.write(str(listener.getsockname()[1]))
    threading.Thread(target=serve, args=(listener, target), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
