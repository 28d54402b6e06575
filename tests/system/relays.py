"""relays.py - what must hold with every real mail server.

`Transport` is a set of tests that test_postfix.py and test_opensmtpd.py run,
each with a server of its own that lives as long as the module.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import email.utils
import smtplib
import time
import types

import pytest

from bounces import NOBODY, message
from mta import GONE, PASSWORD, RETURNS, USER, Authority, Trusting
from organisation import Organisation
from smtp_script import Server

WAVE = "staff-2026q4"
WRONG = "not the password 7261"


def site(factory, kind):
    """A running server, its authority, and another that signed nothing."""
    base = factory.mktemp("site")
    ours, others = Authority(base / "ours"), Authority(base / "others")
    mta = kind(ours.issue("localhost"), ours.issue("relay.example"))
    try:
        mta.start()
        yield types.SimpleNamespace(mta=mta, ours=ours, others=others)
    finally:
        mta.close()


def scene(where, make_org):
    """Twelve people, and what the server held before."""
    org = organisation(make_org, 12)
    org.site = where
    yield org


def organisation(make_org, people, connections=2, name="wave"):
    org = make_org(connections=connections)
    org.add_unit("ORG")
    for i in range(people):
        org.add_person(f"p{i}", "ORG", email=f"p{i}.{name}@taf.example")
    org.import_now()
    return org


def through(org, where, port, word=None, tls="auto", host="localhost",
            credential=None, trusted=None, more="", per_minute=0):
    """Mails through that port of the server; word: the password."""
    scheme = "smtps" if port == "smtps" else "smtp"
    lines = [
        f'relay = "{scheme}://{host}:{where.mta.ports[port]}";',
        f'tls = "{tls}"; per_minute = {per_minute};']
    if word is not None:
        lines.append(f'user = "{USER}";')
        if credential is None:
            path = org.dir / "password"
            path.write_text(word + "\n")
            path.chmod(0o600)
            lines.append('password_file = "password";')
        else:
            credential.mkdir(exist_ok=True)
            (credential / "smtp-password").write_text(word + "\n")
    text = org.conf.read_text()
    start, end = text.index("    relay ="), text.index("    from =")
    org.conf.write_text(text[:start] + "".join(
        f"    {x}\n" for x in [*lines, more]) + text[end:])
    org.program = Trusting(org, *(trusted or [where.ours]),
                           credential=credential)


def everyone(org):
    return collections.Counter(p["email"] for p in org.people)


def recipients(mails):
    return collections.Counter(
        email.utils.parseaddr(str(m["To"]))[1] for m in mails)


def arrived(org):
    """What the server keeps of this organisation's wave, once all is in."""
    mine = org.site.mta.await_mails(org.before + len(org.people))
    return recipients(mine) - org.had


def open_wave(org):
    mails = org.site.mta.mails()
    org.before, org.had = len(mails), recipients(mails)
    org.open(WAVE)


def refused(org):
    """A run that sends nothing; what it says."""
    r = org.program.run("sensed", "--once")
    assert len(org.site.mta.mails()) == org.before
    assert PASSWORD not in r.stderr + r.stdout
    return r


def returning(where, name, gone=None):
    """Six people; one of them may have an address of the next host's."""
    org = Organisation(where.mta.dir / name)
    org.conf.write_text(org.conf.read_text().replace(
        "pulse-bounce@taf.example", f"pulse-bounce@{RETURNS}"))
    org.add_unit("ORG")
    for i in range(6):
        org.add_person(f"p{i}", "ORG", email=f"p{i}.{name}@" + (
            GONE if i == gone else "taf.example"))
    org.import_now()
    through(org, where, "smtps", word=PASSWORD)
    org.open(WAVE)
    return org


def unreachable(org, seconds=60):
    """Waits for somebody to be on the list."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        lines = org.program.ok("sensectl", "unreachable", "--csv").split()
        if len(lines) > 1:
            return lines[1:]
        time.sleep(0.2)
    return []


class Returns:
    """The shipped lines for what comes back: sensed-bounce(8)."""

    def test_a_mail_that_bounces_comes_back_through_the_pipe(self, site):
        """Ours goes out, the next host refuses it, the server reports."""
        org = returning(site, "there", gone=3)
        with Server(port=site.mta.next,
                    rcpt=lambda a: "550 5.1.1 No such user") as next_host:
            org.mail()
            site.mta.pipes(org)
            found = unreachable(org)
            assert any("RCPT TO:<p3.there@gone" in text
                       for _, text in next_host.commands)
        assert found == [f"staff,p3,ORG,hard,{WAVE}"], site.mta.log()[-3000:]

    def test_a_report_from_outside_is_taken(self, site):
        """For the return path with an ID of ours and for nobody else."""
        org = returning(site, "outside")
        before = len(site.mta.mails())
        org.mail()
        sender = next(
            m["Return-Path"].strip("<>")
            for m in site.mta.await_mails(before + 6)
            if "p1.outside@" in str(m["To"]))
        site.mta.pipes(org)
        report = message("postfix-hard", sender)
        with smtplib.SMTP("127.0.0.1", site.mta.ports["plain"]) as s:
            for other in (f"carys@{RETURNS}", f"x{sender}"):
                with pytest.raises(smtplib.SMTPRecipientsRefused):
                    s.sendmail("", other, report)
            # an ID that nobody issued is taken, read, and forgotten
            s.sendmail("", sender.replace(sender.partition("+")[2][:26],
                                          NOBODY.decode()), report.replace(
                sender.partition("@")[0].encode(),
                b"pulse-bounce+" + NOBODY))
            s.sendmail("", sender, report)
        assert unreachable(org) == [f"staff,p1,ORG,hard,{WAVE}"], \
            site.mta.log()[-3000:]
        assert (org.state / "roster/health.log").stat().st_size == 64


class Transport:
    @pytest.mark.parametrize("port", ("starttls", "smtps"))
    def test_tls_and_a_password(self, scene, port):
        """M10: by password_file; all of it under TLS."""
        through(scene, scene.site, port, word=PASSWORD)
        open_wave(scene)
        scene.mail()
        assert arrived(scene) == everyone(scene)

    def test_the_systemd_credential(self, scene):
        """T6: smtp-password, in place of password_file."""
        through(scene, scene.site, "smtps", word=PASSWORD,
                credential=scene.dir / "credentials")
        open_wave(scene)
        scene.mail()
        assert arrived(scene) == everyone(scene)

    @pytest.mark.parametrize("port", ("starttls", "smtps"))
    def test_a_certificate_that_nobody_trusts(self, scene, port):
        """M10: refused, told by name, and nobody is lost over it."""
        through(scene, scene.site, port, word=PASSWORD,
                trusted=[scene.site.others])
        open_wave(scene)
        r = refused(scene)
        assert r.returncode == 0        # it may be mended: tried again
        assert "certificate" in r.stderr
        through(scene, scene.site, port, word=PASSWORD)
        scene.clock.forward(minutes=45)
        scene.mail()
        assert arrived(scene) == everyone(scene)

    def test_a_certificate_of_another_name(self, scene):
        through(scene, scene.site, "wrong_name", word=PASSWORD)
        open_wave(scene)
        r = refused(scene)
        assert "localhost" in r.stderr and "certificate" in r.stderr
        assert "name" in r.stderr

    def test_a_certificate_is_for_a_name_not_for_an_address(self, scene):
        through(scene, scene.site, "smtps", word=PASSWORD, host="127.0.0.1")
        open_wave(scene)
        assert "127.0.0.1" in refused(scene).stderr

    def test_no_password_before_tls(self, scene):
        """M10: neither where the server would take it so, nor if asked to."""
        through(scene, scene.site, "plain", word=PASSWORD)
        open_wave(scene)
        r = refused(scene)
        assert r.returncode == 0 and "TLS" in r.stderr
        assert "sasl_username" not in scene.site.mta.log().rpartition(
            "connect from")[2]
        through(scene, scene.site, "plain", word=PASSWORD, tls="none")
        r = scene.program.run("sensed", "--once")
        assert r.returncode == 78 and "mail.user" in r.stderr

    def test_a_wrong_password_pauses_the_wave(self, scene):
        """7.1: ours; the cause by name, never the password."""
        through(scene, scene.site, "smtps", word=WRONG)
        open_wave(scene)
        r = refused(scene)
        assert r.returncode == 69
        assert "paused" in r.stderr and "535" in r.stderr
        assert WRONG not in r.stderr + r.stdout
        assert "paused" in scene.program.ok("sensectl", "status")
        tries = scene.site.mta.log().count("535")
        assert r.stderr.count("535") <= 2
        scene.clock.forward(hours=3)
        refused(scene)                  # not tried again by itself
        assert scene.site.mta.log().count("535") == tries
        for path in scene.state.rglob("*"):
            if path.is_file():
                assert WRONG.encode() not in path.read_bytes()
        through(scene, scene.site, "smtps", word=PASSWORD)
        scene.program.ok("sensectl", "resume", WAVE)
        scene.mail()
        assert arrived(scene) == everyone(scene)

    def test_no_password_configured(self, scene):
        through(scene, scene.site, "smtps", word=PASSWORD)
        (scene.dir / "password").unlink()
        open_wave(scene)
        r = refused(scene)
        assert r.returncode != 0 and "password" in r.stderr

    def test_by_hand_the_credential_is_out_of_sight(self, scene):
        """STANDARDS 3, C3: check goes on without the login, and says so."""
        where = scene.dir / "credentials"
        through(scene, scene.site, "smtps", word=PASSWORD, credential=where)
        scene.program.credential = None
        out = scene.program.ok("sensectl", "check")
        relay = f"relay smtps://localhost:{scene.site.mta.ports['smtps']}"
        assert f"ok: {relay}: takes a session, with TLS" in out
        assert "our login" not in out and "web.base_url" in out
        assert "warning: relay login not tried: " in out
        assert "LoadCredential=smtp-password:" in out
        r = scene.program.run("sensectl", "check", "--strict")
        assert r.returncode == 69       # not known is not good enough
        r = scene.program.run("sensectl", "test-mail", "nia.hand@taf.example")
        assert r.returncode == 65 and "systemd-run" in r.stderr
        assert "sensectl test-mail ADDRESS" in r.stderr
        assert "nia.hand" not in r.stderr and r.stdout == ""
        scene.program.credential = where
        out = scene.program.ok("sensectl", "check")
        assert "and our login" in out and "not tried" not in out
        assert "sent: " in scene.program.ok("sensectl", "test-mail",
                                            "nia.hand@taf.example")

    def test_check_goes_on_without_the_password_file(self, scene):
        through(scene, scene.site, "smtps", word=PASSWORD)
        (scene.dir / "password").unlink()
        r = scene.program.run("sensectl", "check")
        assert r.returncode != 0 and "mail.password_file: " in r.stderr
        assert "takes a session" in r.stdout and "web.base_url" in r.stdout

    def test_m5_smtputf8_where_it_is_offered(self, scene):
        """A local part that is not ASCII: mailed, or reported by its id."""
        scene.add_person("sian", "ORG", email="siân.wave@taf.example")
        scene.add_person("idn", "ORG", email="idn.wave@bücher.example")
        scene.import_now()
        through(scene, scene.site, "smtps", word=PASSWORD)
        mails = scene.site.mta.mails()
        scene.before, scene.had = len(mails), recipients(mails)
        scene.open(WAVE)
        scene.mail()
        if not scene.site.mta.utf8:
            scene.people = [p for p in scene.people if p["id"] != "sian"]
        scene.site.mta.await_mails(scene.before + len(scene.people))
        log = scene.site.mta.log()
        assert "xn--bcher-kva.example" in log and "bücher" not in log
        status = scene.program.ok("sensectl", "status")
        assert f"mailed: {len(scene.people)}" in status
        assert ("refused: 0" in status) == scene.site.mta.utf8
