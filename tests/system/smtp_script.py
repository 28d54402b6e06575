#!/usr/bin/python3
# smtp_script.py - an SMTP server that fails as it is told.
#
# For the system tests: STANDARDS 6 "SMTP faults" and 7.1.  A script is a list
# of sessions, one for each connection in the order they come; a session maps a
# place in the conversation to what the server does there.  What is not named
# succeeds; connections past the end of the list follow `default`.
#
#   places   connect EHLO HELO AUTH MAIL RCPT DATA BODY DOT
#            (BODY: after the first body line; DOT: after the final dot)
#   actions  "450 4.2.0 Later"        that reply; lines are split at |
#            "drop"                   close without a word
#            "last 421 4.3.0 Bye"     that reply, then close
#            "accept-drop"            DOT: keep the mail, close without a word
#            "hang"                   say nothing until the server stops
#            "slow 2 250 Ok"          that reply, byte by byte, in 2 seconds
#            "lf 250 Ok"              that reply with a bare LF
#   a list of actions is used up one by one; the last one stays
#
# In Python:
#     with Server([{"RCPT": "550 5.1.1 No"}]) as server:
#         ... server.port, server.mails, server.commands ...
# Alone: smtp_script.py --port 2525 --script FILE.json --out DIR
# writes each accepted mail to DIR/N.eml and prints the port it listens on.
#
# SPDX-License-Identifier: GPL-3.0-or-later

import argparse
import collections
import json
import os
import socket
import socketserver
import threading
import time

Mail = collections.namedtuple("Mail", "session sender recipient data raw")


class Dropped(Exception):
    """The session is over."""


class Session(socketserver.StreamRequestHandler):
    def setup(self):
        super().setup()
        self.owner = self.server.owner
        with self.owner.lock:
            self.number = self.owner.sessions
            self.owner.sessions += 1
            self.owner.open_sockets.append(self.connection)
        scripts = self.owner.script
        plan = scripts[self.number] if self.number < len(scripts) \
            else self.owner.default
        self.plan = {k: list(v) if isinstance(v, list) else [v]
                     for k, v in plan.items()}

    def action(self, place, usual):
        steps = self.plan.get(place)
        if not steps:
            return usual
        return steps.pop(0) if len(steps) > 1 else steps[0]

    def send(self, text, end=b"\r\n"):
        lines = text.split("|")
        for i, line in enumerate(lines):
            if i < len(lines) - 1:
                line = line[:3] + "-" + line[4:]
            self.wfile.write(line.encode() + end)
        self.wfile.flush()

    def do(self, action):
        """Acts; True if the answer was a success (2xx or 3xx)."""
        word, _, rest = action.partition(" ")
        if word == "drop":
            raise Dropped
        if word == "hang":
            self.owner.stopping.wait()
            raise Dropped
        if word == "last":
            self.send(rest)
            raise Dropped
        if word == "lf":
            self.send(rest, b"\n")
            return rest[:1] in "23"
        if word == "slow":
            seconds, _, reply = rest.partition(" ")
            octets = reply.encode() + b"\r\n"
            for i in range(len(octets)):
                self.connection.sendall(octets[i:i + 1])
                time.sleep(float(seconds) / len(octets))
            return reply[:1] in "23"
        self.send(action)
        return action[:1] in "23"

    def read_body(self):
        raw = b""
        while True:
            line = self.rfile.readline()
            if not line:
                raise Dropped
            if raw == b"" and "BODY" in self.plan:
                self.do(self.action("BODY", ""))
            if line == b".\r\n":
                return raw
            raw += line

    def take_mail(self, sender, recipient):
        raw = self.read_body()
        data = b"".join(x[1:] if x.startswith(b".") else x
                        for x in raw.splitlines(True))
        action = self.action("DOT", "250 2.0.0 Queued as %d"
                             % len(self.owner.mails))
        if action == "accept-drop" or action[:1] == "2" or \
                action.startswith("slow"):
            self.owner.accept(Mail(self.number, sender, recipient, data, raw))
        if action == "accept-drop":
            raise Dropped
        self.do(action)

    def answer(self, verb, address, state):
        usual = {"EHLO": self.owner.ehlo, "HELO": "250 test",
                 "AUTH": "235 2.7.0 Welcome", "QUIT": "221 2.0.0 Bye",
                 "DATA": "354 Go ahead"}.get(verb, "250 2.0.0 Ok")
        if verb == "RCPT" and self.owner.rcpt is not None:
            usual = self.owner.rcpt(address) or usual
        if not self.do(self.action(verb, usual)):
            return
        if verb in ("MAIL", "RCPT"):
            state[verb] = address
        elif verb == "DATA":
            self.take_mail(state.get("MAIL"), state.get("RCPT"))

    def converse(self):
        state = {}
        self.do(self.action("connect", "220 test ESMTP"))
        while True:
            line = self.rfile.readline()
            if not line:
                return
            text = line.decode(errors="replace").rstrip("\r\n")
            with self.owner.lock:
                self.owner.commands.append((self.number, text))
            verb = text.partition(" ")[0].upper()
            address = text.partition("<")[2].rpartition(">")[0]
            self.answer(verb, address, state)
            if verb == "QUIT":
                return

    def handle(self):
        try:
            self.converse()
        except (Dropped, OSError):
            pass

    def finish(self):
        try:
            super().finish()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


def greylist(seconds=0):
    """A `rcpt` that puts off each recipient until `seconds` have passed."""
    first = {}

    def rcpt(address):
        known = address in first
        since = time.time() - first.setdefault(address, time.time())
        if not known or since < seconds:
            return "450 4.2.0 Greylisted"
        return None
    return rcpt


class Server:
    def __init__(self, script=(), default=None, port=0, rcpt=None, out=None,
                 ehlo="250 test|250 SIZE 10000000|250 8BITMIME"):
        self.script, self.default = list(script), default or {}
        self.rcpt, self.out, self.ehlo = rcpt, out, ehlo
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.sessions, self.mails = 0, []
        self.commands, self.open_sockets = [], []
        self.listener = Listener(("127.0.0.1", port), Session)
        self.listener.owner = self
        self.port = self.listener.server_address[1]

    def accept(self, mail):
        with self.lock:
            self.mails.append(mail)
            number = len(self.mails)
        if self.out:
            with open(os.path.join(self.out, "%d.eml" % number), "wb") as f:
                f.write(mail.data)

    def __enter__(self):
        threading.Thread(target=self.listener.serve_forever,
                         kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.stopping.set()
        self.listener.shutdown()
        self.listener.server_close()
        for s in self.open_sockets:
            s.close()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--script", help="a JSON file: a list of sessions")
    p.add_argument("--out", help="directory for accepted mails")
    a = p.parse_args()
    script = []
    if a.script:
        with open(a.script) as f:
            script = json.load(f)
    with Server(script, port=a.port, out=a.out) as server:
        print(server.port, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
