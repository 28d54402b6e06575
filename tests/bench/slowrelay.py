"""slowrelay.py - an SMTP server that takes its time to accept a mail.

Speaks as little SMTP as a mailer needs, to any number of sessions at once;
the reply after the final dot comes `delay` seconds late, as from a relay that
first writes the mail to its disk.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import threading


class Session(asyncio.Protocol):
    def __init__(self, delay):
        self.delay, self.rest, self.data = delay, b"", False

    def connection_made(self, transport):
        self.transport = transport
        self.say("220 slow")

    def say(self, words):
        if not self.transport.is_closing():
            self.transport.write(words.encode() + b"\r\n")

    def data_received(self, data):
        self.rest += data
        while True:
            end = b"\r\n.\r\n" if self.data else b"\r\n"
            line, found, rest = self.rest.partition(end)
            if not found:
                return
            self.rest = rest
            self.line(line[:4].upper())

    def line(self, word):
        if self.data:
            self.data = False
            asyncio.get_running_loop().call_later(
                self.delay, self.say, "250 taken")
        elif word == b"DATA":
            self.data = True
            self.say("354 go on")
        elif word == b"QUIT":
            self.say("221 bye")
            self.transport.close()
        else:
            self.say("250 ok")


class SlowRelay:
    """Runs in a thread of its own until closed."""

    def __init__(self, delay):
        self.loop, started = asyncio.new_event_loop(), threading.Event()

        def run():
            asyncio.set_event_loop(self.loop)
            server = self.loop.run_until_complete(self.loop.create_server(
                lambda: Session(delay), "127.0.0.1", 0))
            self.port = server.sockets[0].getsockname()[1]
            started.set()
            self.loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        started.wait()

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
