"""post.py - a real SMTP server that keeps every octet.

aiosmtpd speaks SMTP; each accepted message goes into a Maildir and into
memory, with its envelope and the bytes of DATA exactly as they came over the
wire.  A test may set `rcpt` and `data` to answer otherwise, `delay` to be
slow, `drop` to cut the connection after the final dot.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import email
import email.header
import email.policy
import html.parser
import mailbox
import os
import random
import re
import socket
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

LINK = re.compile(r"https?://[^\s\"'<>]+/a/([a-z2-7]{31})(?![a-z2-7])")
OPTOUT = re.compile(r"https?://[^\s\"'<>]+/o/([a-z2-7]{26})(?![a-z2-7])")


class Wire(SMTP):
    """SMTP that remembers the raw bytes of its session."""

    def connection_made(self, transport):
        self.wire = bytearray()
        super().connection_made(transport)

    def data_received(self, data):
        self.wire += data
        super().data_received(data)


class Mail:
    """One accepted message."""

    def __init__(self, sender, to, wire, raw, when):
        self.sender, self.to, self.when = sender, to, when
        self.wire = wire        # DATA as sent: dot-stuffed, final dot cut
        self.raw = raw          # the message itself
        self.message = email.message_from_bytes(
            raw, policy=email.policy.compat32)

    def header(self, name):
        """The decoded text of a header: RFC 2047, RFC 5322 unfolding."""
        value = self.message[name]
        if value is None:
            return None
        return decode_header(value)

    def part(self, kind):
        for p in self.message.walk():
            if p.get_content_type() == kind:
                return p.get_payload(decode=True).decode("utf-8")
        raise AssertionError(f"no {kind} part")

    @property
    def text(self):
        return self.part("text/plain").replace("\r\n", "\n")

    @property
    def html(self):
        return self.part("text/html").replace("\r\n", "\n")

    @property
    def id(self):
        return self.message["Message-ID"]

    @property
    def link(self):
        """The token of the mail's form, or None."""
        found = LINK.search(self.text)
        return found.group(1) if found else None

    @property
    def optout(self):
        found = OPTOUT.search(self.message["List-Unsubscribe"] or "")
        return found.group(1) if found else None


def decode_header(value):
    value = re.sub(r"\r?\n(?=[ \t])", "", str(value))
    return "".join(
        part if isinstance(part, str) else part.decode(charset or "ascii")
        for part, charset in email.header.decode_header(value))


class Visible(html.parser.HTMLParser):
    """The text of a page that a person sees."""

    BLOCK = {"p", "div", "td", "th", "tr", "li", "h1", "h2", "h3", "br",
             "legend", "title", "table", "label"}

    def __init__(self):
        super().__init__()
        self.out, self.skip, self.item = [], 0, None

    def handle_starttag(self, tag, attrs):
        if tag in ("style", "script", "head"):
            self.skip += 1
        if tag in self.BLOCK:
            self.out.append("\n")
        if tag in ("ol", "ul"):
            self.item = 0 if tag == "ol" else None
        elif tag == "li" and self.item is not None:
            self.item += 1
            self.out.append(f"{self.item} ")

    def handle_endtag(self, tag):
        if tag in ("style", "script", "head"):
            self.skip -= 1
        if tag in self.BLOCK:
            self.out.append("\n")

    def handle_data(self, data):
        if not self.skip:
            self.out.append(data)


def visible(page):
    v = Visible()
    v.feed(page)
    v.close()
    lines = (" ".join(x.split()) for x in "".join(v.out).split("\n"))
    return "\n".join(x for x in lines if x)


class PostOffice:
    """The server.  `mails` is in order of acceptance."""

    def __init__(self, directory):
        self.box = mailbox.Maildir(str(directory), create=True)
        self.mails, self.lock = [], threading.Lock()
        self.rcpt = self.data = self.drop = None
        self.delay = 0.0
        self.attempts = []              # every RCPT, refused ones too
        self.sessions = 0
        self.dropped = []               # taken, then the line was cut
        self.controller = Controller(
            self, hostname="127.0.0.1", port=free_port(), ready_timeout=10)
        self.controller.factory = self._factory
        self.controller.start()
        self.port = self.controller.port

    def _factory(self):
        self.sessions += 1
        return Wire(self, hostname="post.taf.example", enable_SMTPUTF8=True,
                    command_call_limit=None)

    def close(self):
        self.controller.stop()

    # what aiosmtpd asks

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.attempts.append(address)
        if self.rcpt:
            answer = self.rcpt(address)
            if answer:
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.delay:
            await asyncio.sleep(self.delay)
        wire = bytes(server.wire)       # of this transaction only
        start = re.search(rb"(?i)^DATA\r\n", wire, re.M).end()
        wire = wire[start:wire.rindex(b"\r\n.\r\n") + 2]
        server.wire.clear()
        if self.data:
            answer = self.data(envelope.rcpt_tos[0])
            if answer:
                return answer
        mail = Mail(envelope.mail_from, list(envelope.rcpt_tos), wire,
                    envelope.original_content, time.time())
        cut = self.drop and self.drop(envelope.rcpt_tos[0])
        with self.lock:
            (self.dropped if cut else self.mails).append(mail)
        if cut:
            server.transport.abort()
            return "250 never seen"
        self.box.add(mail.raw)
        return "250 2.0.0 Ok: queued as A1B2"

    # what tests ask

    def take(self):
        """All mails since the last take."""
        with self.lock:
            out, self.mails = self.mails, []
        return out


given_ports = set()


def free_port():
    """A port that nobody has: below those that the kernel gives out itself,
    never the same twice, and none that another worker of xdist may take."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        port = random.SystemRandom().randrange(10000, 32000)
        if port % workers != worker or port in given_ports:
            continue
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
        given_ports.add(port)
        return port
