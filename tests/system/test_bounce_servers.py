"""The shipped pieces for Postfix and OpenSMTPD, in the real servers: what comes
back to a return path reaches sensed-bounce, as the user sensed, and counts.

The server pipes into a file, and the file goes to the real program, since a
mail server of the test cannot reach the organisation's folder.  STANDARDS M9,
B1; issue 4, item 3.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import re
import smtplib
import ssl
import time
import types

import pytest

from bounces import log, message, pipe
from mta import PASSWORD, UID, USER, Authority, OpenSmtpd, Postfix
from programs import SOURCE

WAVE = "staff-2026q4"
PROGRAM = "/usr/sbin/sensed-bounce"


class Piped:
    """Stands in for sensed-bounce, and keeps what it is given."""

    def stand_in(self):
        self.came = self.dir / "came"
        self.own(self.came, "sensed", mode=0o755)
        path = self.dir / "sensed-bounce"
        path.write_text("#!/bin/sh\numask 022\n"
                        f"{{ id -u; cat; }} >{self.came}/new.$$ && "
                        f"mv {self.came}/new.$$ {self.came}/whole.$$\n")
        path.chmod(0o755)
        return str(path)

    def shipped(self, name):
        text = (SOURCE / "etc" / name).read_text()
        assert PROGRAM in text
        return text.replace(PROGRAM, self.stand_in())

    def piped(self, seconds=30):
        """(user, message) of the first that came."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for path in self.came.glob("whole.*"):
                user, _, data = path.read_bytes().partition(b"\n")
                return int(user), data
            time.sleep(0.05)
        raise AssertionError("nothing came: " + self.log()[-3000:])

    def user(self):
        return UID + self.users.index("sensed")


class PipedPostfix(Piped, Postfix):
    users = (*Postfix.users, "sensed")

    def configure(self):
        super().configure()
        etc = self.dir / "etc"
        text = self.shipped("postfix-sensed.conf").replace(
            "hash:/etc/postfix", f"texthash:{etc}")     # no postmap here
        pieces = re.split(r"^# ---- /etc/postfix/([a-z.]+).*\n", text,
                          flags=re.M)[1:]
        assert pieces[::2] == ["main.cf", "transport", "master.cf"]
        for name, piece in zip(pieces[::2], pieces[1::2]):
            with open(etc / name, "a", encoding="utf-8") as f:
                f.write(piece)


class PipedOpenSmtpd(Piped, OpenSmtpd):
    users = (*OpenSmtpd.users, "sensed")

    def configure(self):
        super().configure()
        conf = self.dir / "smtpd.conf"
        first = "match auth from any"
        text = conf.read_text()
        assert first in text
        conf.write_text(text.replace(
            first, self.shipped("opensmtpd-sensed.conf") + first, 1))


@pytest.fixture(params=(PipedPostfix, PipedOpenSmtpd))
def mta(request, tmp_path):
    ours = Authority(tmp_path / "ours")
    server = request.param(ours.issue("localhost"),
                           ours.issue("relay.example"))
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def sent(make_org, post):
    """A wave, and the return path of its first mail."""
    org = make_org()
    org.add_unit("ORG")
    for i in range(12):
        org.add_person(f"p{i}", "ORG")
    org.import_now()
    org.open(WAVE)
    org.mail()
    return types.SimpleNamespace(org=org, path=post.take()[0].sender)


def test_a_bounce_reaches_the_program_and_counts(mta, sent):
    with smtplib.SMTP("127.0.0.1", mta.ports["plain"], timeout=60) as s:
        # as it was before it had been delivered
        s.sendmail("", [sent.path], re.sub(
            rb"\A(?:(?:Return-Path|Delivered-To): .*\n)+", b"",
            message("postfix-hard", sent.path)))
    user, data = mta.piped()
    assert user == mta.user()
    r = pipe(sent.org, data)
    assert r.returncode == 0 and r.stderr == b""
    assert log(sent.org) == [("hard", WAVE, True)]


def test_other_mail_goes_where_it_went(mta):
    with smtplib.SMTP_SSL("127.0.0.1", mta.ports["smtps"], timeout=60,
                          context=ssl._create_unverified_context()) as s:
        s.ehlo()
        word = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
        assert s.docmd("AUTH", "PLAIN " + word)[0] == 235
        s.sendmail("a@taf.example", ["carys.morgan@taf.example"],
                   b"Subject: other\n\nhello\n")
    assert [m["Subject"] for m in mta.await_mails(1)] == ["other"]
    assert list(mta.came.iterdir()) == []
