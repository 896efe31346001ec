#!/usr/bin/env python3
"""A TCP proxy on 127.0.0.1 that fails on purpose.   fault_proxy.py TARGET_PORT MODE_FILE PORT_FILE

The mode is read again for each connection: `ok`, `refuse` (reset at once), `hang` (never answers, until the other side gives up), `cut_up N` (reset after N
bytes of the request), `cut_down N` (reset after N bytes of the answer), `slow N` (N bytes a second upwards), `delay N` (each request
passes N milliseconds later), `lost` (the
server gets the whole request, its answer never arrives), `lose VERB` (the same from the first request of that kind on; all before it goes well), `hold VERB` (from the first request of that kind on nothing passes any more; MODE_FILE.seen says that it came), `spoil TEXT` (500 to each request
with that text in its head), `page` (a login page with 200 to whatever is asked), `busy N` (503 with
`Retry-After: N`). Ends with its standard input.
"""
import asyncio
import logging
import os
import socket
import struct
import sys
import threading


# Beginnings of requests.
VERBS = tuple(verb + b" " for verb in (b"GET", b"HEAD", b"PUT", b"POST", b"MOVE", b"MKCOL", b"DELETE", b"OPTIONS", b"PROPFIND"))


def reset(writer):
    line = writer.get_extra_info("socket")
    if line is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def pump(reader, writer, most=None, rate=None, at_limit=None, look=None):
    passed = 0
    try:
        while data := await reader.read(4096):
            if look:
                await look(data)
            passed += len(data)
            if most is not None and passed > most:
                at_limit()
                return
            writer.write(data)
            await writer.drain()
            if rate:
                await asyncio.sleep(len(data) / rate)
        writer.write_eof()
    except (ConnectionError, OSError):
        pass


async def lose(reader, cut):
    """Lets `100 Continue` through in spirit: waits for the final answer and throws it away."""
    await reader.read(1)
    await asyncio.sleep(0.1)
    cut()


async def lose_from(reader, writer, seen, cut):
    """Passes answers on until the request has been seen; that one's answer is thrown away."""
    try:
        while data := await reader.read(4096):
            if seen.is_set() and not data.startswith(b"HTTP/1.1 100"):
                await asyncio.sleep(0.1)
                return cut()
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except (ConnectionError, OSError):
        pass


async def say(reader, writer, head, body=b""):
    """Reads one request to its end and answers it with something fixed."""
    request = await reader.readuntil(b"\r\n\r\n")
    length = [line.split(b":")[1] for line in request.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    await reader.readexactly(int(length[0]) if length else 0)
    writer.write(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    await writer.drain()
    writer.close()


async def serve(reader, writer, target, mode_file):
    with open(mode_file) as f:
        mode, _, number = f.read().strip().partition(" ")
    verb = number.encode() + b" " if mode in ("lose", "hold") else None
    text = number.encode() if mode == "spoil" else None
    number = int(number) if number and not verb and not text else None
    if mode == "refuse":
        return reset(writer)
    if mode == "hang":
        await reader.read()
        return reset(writer)
    if mode == "page":
        return await say(reader, writer, "200 OK\r\nContent-Type: text/html", b"<html>Please sign in</html>")
    if mode == "busy":
        return await say(reader, writer, f"503 Service Unavailable\r\nRetry-After: {number}")
    up_reader, up_writer = await asyncio.open_connection("127.0.0.1", target)

    def cut():
        reset(writer)
        reset(up_writer)

    def cut_softly():
        writer.close()
        up_writer.close()

    seen = asyncio.Event()

    async def look(data):
        """Comes back when what was read may pass."""
        if verb and data.startswith(verb):
            seen.set()
            open(mode_file + ".seen", "w").close()
        if mode == "hold" and seen.is_set():
            await asyncio.Event().wait()
        if mode == "delay" and data.startswith(VERBS):
            await asyncio.sleep(number / 1000)
        if text and data.startswith(VERBS) and text in data:
            writer.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            cut_softly()
            raise ConnectionError

    up = pump(reader, up_writer, number if mode == "cut_up" else None, number if mode == "slow" else None, cut, look)
    if mode == "lose":
        down = lose_from(up_reader, writer, seen, cut)
    else:
        down = lose(up_reader, cut) if mode == "lost" else pump(up_reader, writer, number if mode == "cut_down" else None, None, cut)
    await asyncio.gather(up, down)
    writer.close()
    up_writer.close()


async def main(target, mode_file, port_file):
    server = await asyncio.start_server(lambda r, w: serve(r, w, target, mode_file), "127.0.0.1", 0)
    with open(port_file, "w") as f:
        f.write(str(server.sockets[0].getsockname()[1]))
    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(end.set)), daemon=True).start()
    await end.wait()
    # Lines that still hang are nobody's any more.
    os._exit(0)


if __name__ == "__main__":
    # Lines that hang until they are thrown away are meant.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
