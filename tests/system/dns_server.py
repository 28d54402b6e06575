"""dns_server.py - a name server on a loopback port, honest or hostile.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import socket
import struct
import threading

TYPES = {"A": 1, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}


def labels(name):
    parts = [p.encode() for p in name.rstrip(".").split(".")]
    return b"".join(bytes([len(p)]) + p for p in parts) + b"\0"


def data(kind, value):
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == "MX":
        return struct.pack(">H", 10) + labels(value)
    if kind == "PTR":
        return labels(value)
    raw = value.encode()
    pieces = [raw[i:i + 255] for i in range(0, len(raw), 255)] or [b""]
    return b"".join(bytes([len(p)]) + p for p in pieces)


class Names:
    """zone: {(name, kind): [value, ...]}; a value that is bytes is the
    record's data as it stands.  mangle: changes or drops a whole answer."""

    def __init__(self, zone, mangle=None):
        self.zone, self.mangle, self.asked = zone, mangle, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                query, peer = self.socket.recvfrom(4096)
            except OSError:
                return
            if not query:
                return
            reply = self.answer(query)
            if self.mangle:
                reply = self.mangle(reply)
            if reply is not None:
                self.socket.sendto(reply, peer)

    def answer(self, query):
        at, parts = 12, []
        while query[at]:
            parts.append(query[at + 1:at + 1 + query[at]].decode())
            at += 1 + query[at]
        number = struct.unpack(">H", query[at + 1:at + 3])[0]
        name = ".".join(parts).lower()
        kind = {v: k for k, v in TYPES.items()}.get(number, "?")
        self.asked.append((name, kind))
        values = self.zone.get((name, kind), [])
        code = 0 if values or any(n == name for n, _ in self.zone) else 3
        body = b"".join(
            b"\xc0\x0c" + struct.pack(">HHIH", number, 1, 60, len(d)) + d
            for d in (v if isinstance(v, bytes) else data(kind, v)
                      for v in values))
        return (query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1,
                                        len(values), 0, 0) +
                query[12:at + 5] + body)

    def close(self):
        port = self.socket.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(b"", ("127.0.0.1", port))
        self.thread.join(5)
        self.socket.close()
