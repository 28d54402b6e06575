"""Staff copies to many people: memory does not grow with them.  DESIGN 10.

Run by `make check-long`; the relay here takes everything and keeps nothing.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import shutil
import socketserver
import threading
import time

FEW, MANY = 10_000, 40_000


class Sink(socketserver.StreamRequestHandler):
    def handle(self):
        say = self.request.sendall
        say(b"220 sink\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                say(b"354 go\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                with self.server.lock:
                    self.server.taken += 1
            elif word == b"QUIT":
                say(b"221 bye\r\n")
                return
            say(b"250 ok\r\n")


class Relay(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self):
        self.lock, self.taken = threading.Lock(), 0
        super().__init__(("127.0.0.1", 0), Sink)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def anonymous(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            return next((int(line.split()[1]) for line in f
                         if line.startswith("RssAnon:")), 0)
    except OSError:
        return 0


def peak(make_org, relay, people, **how):
    """The most memory of its own that the sending had, in KiB (pages of the
    mapped roster are the kernel's to take back), and its seconds."""
    org = make_org(connections=8, survey="staff_copy = true;", **how)
    conf = org.conf.read_text().split('relay = "')
    org.conf.write_text(f'{conf[0]}relay = "smtp://127.0.0.1:'
                        f'{relay.server_address[1]}'
                        f'{conf[1][conf[1].index(chr(34)):]}')
    org.add_unit("ORG")
    for i in range(8):
        org.add_unit(f"U{i}", "ORG")
    for i in range(people):
        org.add_person(f"p{i}", f"U{i % 8}")
    org.import_now()
    org.open("staff-2026q4")
    org.program.ok("sensectl", "close", "staff-2026q4")
    org.program.ok("sensed-digest", "--publish-only")
    relay.taken, began = 0, time.monotonic()
    p, most = org.program.start("sensed-digest", "--send-only"), 0
    while p.poll() is None:
        most = max(most, anonymous(p.pid))
        time.sleep(0.05)
    assert p.returncode == 0, p.stdout.read()
    assert relay.taken == people + 9
    return most, time.monotonic() - began


def test_memory_does_not_grow_with_people(tmp_path, make_org):
    relay = Relay()
    few, first = peak(make_org, relay, FEW)
    shutil.rmtree(tmp_path / "org")
    many, second = peak(make_org, relay, MANY)
    relay.shutdown()
    print(f"\n{FEW} copies: {few} KiB, {first:.0f} s; "
          f"{MANY} copies: {many} KiB, {second:.0f} s")
    assert many < few + 2048
