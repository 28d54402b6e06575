"""test_doctor.py - sensectl check looks outside: STANDARDS C2 to C6.

The names are answered by a server of the test, given with --resolver.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import shutil
import socket
import subprocess
import time
from datetime import timedelta

import pytest

from dns_server import Names
from mta import namespace
from programs import SOURCE, Programs

KEY = "v=DKIM1; k=rsa; p=" + "A" * 392
GOOD = {
    ("taf.example", "TXT"): ["v=spf1 ip4:192.0.2.25 -all", "other=1"],
    ("_dmarc.taf.example", "TXT"): ["v=DMARC1; p=reject"],
    ("s1._domainkey.taf.example", "TXT"): [KEY],
    ("25.2.0.192.in-addr.arpa", "PTR"): ["relay.taf.example"],
    ("relay.taf.example", "A"): ["192.0.2.25"],
}


@pytest.fixture
def names():
    running = []

    def start(zone, mangle=None):
        running.append(Names(zone, mangle))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture
def check(make_org, names):
    """Looks with a resolver; gives the lines about names, and the status."""
    def run(zone, mangle=None, mail='dkim_selector = "s1";', edit=(), *more):
        org = make_org(mail=mail)
        text = org.conf.read_text()
        for a, b in edit:
            assert a in text
            text = text.replace(a, b)
        org.conf.write_text(text)
        server = names(zone, mangle)
        r = org.program.run("sensectl", "check", "--resolver",
                            server.address, *more)
        words = ("SPF", "DKIM", "DMARC", "reverse", "no resolver")
        return [line for line in r.stdout.splitlines()
                if any(w in line for w in words) and
                ": mail.from is of " not in line], r
    return run


def through(host):
    """The mail goes through a relay with a public address."""
    return [("smtp://127.0.0.1:", f"smtp://{host}:"),
            ('tls = "none"', 'tls = "auto"')]


def test_all_is_well(check):
    lines, r = check(GOOD)
    assert r.returncode == 0, r.stderr
    assert "ok: SPF of taf.example: one record, 0 look-ups of 10" in lines
    assert any(x.startswith("ok: DKIM at s1._domainkey.taf.example: ")
               for x in lines)
    assert any(x.startswith("ok: DMARC of taf.example: p=reject, ")
               for x in lines)
    # the relay is on this machine: where its mail leaves is not known
    assert any(x.startswith("warning: SPF of taf.example: a relay has no "
                            "public address: ") for x in lines)
    assert len(lines) == 4
    assert "ok: relay smtp://127.0.0.1:" in r.stdout


def test_a_relay_with_a_public_address_is_held_against_spf(check):
    lines, r = check(GOOD, None, 'dkim_selector = "s1";',
                     through("192.0.2.25"))
    assert ("ok: SPF of taf.example: allows the relay's address 192.0.2.25"
            in lines)
    assert ("ok: reverse DNS of 192.0.2.25: relay.taf.example, and back"
            in lines)
    lines, r = check({**GOOD, ("relay.taf.example", "A"): ["192.0.2.9"]},
                     None, "", through("192.0.2.26"))
    assert any(x.startswith("problem: SPF of taf.example: does not allow the "
                            "relay's address 192.0.2.26") for x in lines)
    assert any(x.startswith("warning: reverse DNS of 192.0.2.26: the relay's "
                            "address has no name") for x in lines)
    assert r.returncode == 0    # the network is never a reason not to start


@pytest.mark.parametrize("change, said", [
    ({("taf.example", "TXT"): []},
     "warning: SPF of taf.example: there is no record"),
    ({("taf.example", "TXT"): ["v=spf1 -all", "v=spf1 mx -all"]},
     "problem: SPF of taf.example: is wrong (there are several SPF records"),
    ({("taf.example", "TXT"): ["v=spf1 +all"]},
     "problem: SPF of taf.example: allows everybody"),
    ({("_dmarc.taf.example", "TXT"): []},
     "warning: DMARC of taf.example: there is no record"),
    ({("_dmarc.taf.example", "TXT"): ["v=DMARC1; p=none"] * 2},
     "problem: DMARC at _dmarc.taf.example: there are several records"),
    ({("s1._domainkey.taf.example", "TXT"): ["v=DKIM1; p="]},
     "problem: DKIM at s1._domainkey.taf.example: the key is revoked"),
    ({("s1._domainkey.taf.example", "TXT"): []},
     "problem: DKIM at s1._domainkey.taf.example: there is no key"),
    # a string that is longer than its record
    ({("taf.example", "TXT"): [b"\xffv=spf1 -all"]},
     "warning: SPF of taf.example: there is no record"),
    # bytes that would change what a terminal shows
    ({("taf.example", "TXT"): ["v=spf1 \x1b[2J -all"]},
     "problem: SPF of taf.example: is wrong (a term is malformed"),
])
def test_what_is_wrong_is_named(check, change, said):
    lines, r = check({**GOOD, **change})
    assert any(x.startswith(said) for x in lines), r.stdout
    assert "\x1b" not in r.stdout
    assert r.returncode == 0


@pytest.mark.parametrize("policy, signs, level", [
    ("p=reject", False, "problem"), ("p=reject", True, "warning"),
    ("p=none", False, "warning"), ("p=reject; sp=none", False, "problem")])
def test_a_return_path_elsewhere_is_not_aligned(check, policy, signs, level):
    lines, _ = check({**GOOD, ("_dmarc.taf.example", "TXT"):
                      ["v=DMARC1; " + policy]}, None,
                     'dkim_selector = "s1";' if signs else "",
                     [("pulse-bounce@taf", "pulse-bounce@other")])
    assert any(x.startswith(f"{level}: DMARC of taf.example: ") and
               "not aligned" in x for x in lines), lines


def test_a_policy_above_and_strict_alignment(check):
    below = [("<pulse@taf", "<pulse@mail.taf"),
             ("pulse-bounce@taf", "pulse-bounce@bounce.taf")]
    lines, _ = check(GOOD, None, "", below)
    assert any(x.startswith("ok: DMARC of mail.taf.example: p=reject")
               for x in lines), lines
    lines, _ = check({**GOOD, ("_dmarc.taf.example", "TXT"):
                      ["v=DMARC1; p=reject; aspf=s"]}, None, "", below)
    assert any("not aligned with it (aspf=s)" in x for x in lines), lines


def test_a_record_below_the_return_path_does_not_part_them(check):
    """C4: the record stands at the sender's own name, the return path is of
    the organisation's; siblings are told apart by a record above both."""
    edit = [("<pulse@taf", "<pulse@mail.taf")]
    own = {("_dmarc.mail.taf.example", "TXT"): ["v=DMARC1; p=reject"]}
    none = {("_dmarc.taf.example", "TXT"): []}
    lines, _ = check({**GOOD, **none, **own}, None, "", edit)
    assert any(x.startswith("ok: DMARC of mail.taf.example: p=reject, and "
                            "mail.return_path is aligned") for x in lines)
    edit.append(("pulse-bounce@taf", "pulse-bounce@bounce.taf"))
    lines, _ = check({**GOOD, **none, **own}, None, "", edit)
    assert any(x.startswith("warning: DMARC of mail.taf.example: p=reject")
               and x.endswith("only if taf.example is your organisation's own")
               for x in lines), lines
    lines, _ = check({**GOOD, **own}, None, "", edit)
    assert any(x.startswith("ok: DMARC of mail.taf.example: p=reject, and "
                            "mail.return_path is aligned") for x in lines)


@pytest.mark.parametrize("sender, path, said", [
    ("taf", "taf", "ok: mail.from is of taf.example, and mail.return_path "
     "(taf.example) is of its domain"),
    ("mail.taf", "taf", "ok: mail.from is of mail.taf.example, and "
     "mail.return_path (taf.example) is aligned with it: SPF counts"),
    ("taf", "bounce.taf", "ok: mail.from is of taf.example, and "
     "mail.return_path (bounce.taf.example) is aligned with it: SPF counts"),
    ("a.taf", "b.taf", "warning: mail.from is of a.taf.example, and "
     "mail.return_path (b.taf.example) is aligned with it only if"),
    ("taf", "other", "warning: mail.from is of taf.example, and "
     "mail.return_path (other.example) is not aligned with it")])
def test_alignment_is_told_without_a_network(make_org, sender, path, said):
    """C4."""
    org = make_org()
    org.conf.write_text(org.conf.read_text().replace(
        "<pulse@taf", f"<pulse@{sender}").replace(
        "pulse-bounce@taf", f"pulse-bounce@{path}"))
    out = org.program.ok("sensectl", "check", "--offline")
    assert [x for x in out.splitlines() if x.startswith(said)], out


def test_an_answer_that_never_comes_is_one_line_and_no_long_wait(check):
    began = time.monotonic()
    lines, r = check(GOOD, lambda reply: None)
    assert len(lines) == 1 and lines[0].startswith(
        "warning: no resolver answers: "), lines
    assert r.returncode == 0
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("mangle", [
    pytest.param(lambda r: r[:40], id="cut short"),
    pytest.param(lambda r: r[:6] + b"\xff\xff" + r[8:], id="too few records"),
    # the owner's name points at itself
    pytest.param(lambda r: r.replace(b"\xc0\x0c\0\x10", b"\xc0\x1d\0\x10"),
                 id="a loop"),
    pytest.param(lambda r: r + bytes(50000), id="oversize"),
    pytest.param(lambda r: r[:2] + b"\x83\x80" + r[4:], id="truncated, and "
                 "nobody at the same port by TCP"),
    pytest.param(lambda r: r[:3] + b"\x82" + r[4:], id="server failure"),
])
def test_hostile_answers_end_in_words(check, mangle):
    lines, r = check(GOOD, mangle)
    assert r.returncode == 0 and r.stderr == "", r.stderr
    assert any(x.startswith("warning: ") for x in lines), lines
    assert not any(x.startswith("problem: SPF") for x in lines), lines


def test_strict_makes_it_a_status(check, make_org):
    _, r = check({}, None, "", (), "--strict")
    assert r.returncode == 69 and "concern the network" in r.stderr
    r = make_org().program.run("sensectl", "check", "--offline", "--strict")
    assert r.returncode == 0, r.stderr
    assert "the network was not looked at" in r.stdout
    r = make_org().program.run("sensectl", "check", "--resolver", "nobody")
    assert r.returncode == 65 and "expected the address" in r.stderr


def test_names_for_examples_are_not_asked_for(make_org):
    began = time.monotonic()
    org = make_org(base="https://pulse.taf.example/")
    out = org.program.ok("sensectl", "check")
    assert "warning: mail.from: taf.example is a name for examples" in out
    assert "warning: web.base_url: pulse.taf.example is a name for" in out
    assert time.monotonic() - began < 10


def test_the_pages_and_the_clock(make_org, serve):
    org = make_org(k=5)
    org.add_unit("A")
    for i in range(12):
        org.add_person(f"p{i}", "A")
    org.import_now()
    assert "warning: web.base_url: " in org.program.ok("sensectl", "check")
    serve(org, "fastcgi")
    out = org.program.ok("sensectl", "check")
    assert f"ok: web.base_url: {org.base}health answers with our page" in out
    assert "ok: disk: " in out
    # lighttpd's own clock goes with the organisation's
    assert "clock: " in out


class Machine(Programs):
    """The programs on a machine whose kernel says so of its clock and of
    core dumps."""

    def __init__(self, org, shim, ntp, dumpable):
        super().__init__(org.conf, org.clock)
        self.shim, self.ntp = shim, ntp
        self.setting = org.dir / "suid_dumpable"
        self.setting.write_text(f"{dumpable}\n")

    def argv(self, name, *args, conf=True):
        return namespace([(self.setting, "/proc/sys/fs/suid_dumpable")],
                         super().argv(name, *args, conf=conf))

    def environment(self):
        env = super().environment()
        env["LD_PRELOAD"] = f"{self.shim}:{env['LD_PRELOAD']}"
        return env | {"ADJTIMEX": self.ntp}


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    path = tmp_path_factory.mktemp("shim") / "adjtimex.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(path),
                    str(SOURCE / "tests/system/adjtimex_shim.c")], check=True)
    return path


@pytest.mark.parametrize("ntp, dumpable, said", [
    ("synced", 0, ["ok: clock: synchronised",
                   "ok: core dumps: our programs leave none"]),
    ("unsynced", 1, ["warning: clock: nothing keeps it synchronised",
                     "warning: core dumps: ours leave none, but a web"]),
    ("refused", 2, ["warning: clock: whether it is synchronised cannot",
                    "warning: core dumps: ours leave none, but a web"])])
def test_what_the_kernel_says(make_org, shim, ntp, dumpable, said):
    """C5: read, never set."""
    org = make_org()
    out = Machine(org, shim, ntp, dumpable).ok("sensectl", "check",
                                               "--offline")
    lines = [x for x in out.splitlines()
             if ": clock: " in x or ": core dumps: " in x]
    for start in said:
        assert [x for x in lines if x.startswith(start)], lines
    assert len(lines) == 3
    assert "ok: clock: not before anything that is stored" in lines


def test_a_clock_before_what_is_stored(make_org, post):
    """C5, M14: a mail, a closing; whatever the files' own times are."""
    org = make_org(k=5)
    org.add_one_unit(6)
    org.import_now()
    start = org.clock.when

    def clock():
        out = org.program.ok("sensectl", "check", "--offline")
        return next(x for x in out.splitlines() if " stored" in x)

    fine = "ok: clock: not before anything that is stored"
    org.open("staff-2026q4")
    for path in org.state.rglob("*"):
        os.utime(path, (2 ** 32, 2 ** 32))
    assert clock() == fine
    org.clock.forward(hours=30)                 # the last mail's time
    org.mail()
    assert clock() == fine
    org.clock.set(start + timedelta(hours=20))
    assert re.match(r"problem: clock: 3[56]\d\d\d seconds before the newest",
                    clock())
    org.clock.set(start + timedelta(hours=30))
    org.close("staff-2026q4")
    org.program.digest()
    assert clock() == fine
    org.clock.set(start + timedelta(days=2))
    assert clock().startswith("problem: clock: 1")
    org.clock.set(start - timedelta(days=365 * 30))     # a dead battery
    assert clock().startswith("problem: clock: 9")


def test_a_relay_that_is_away_and_one_that_talks_nonsense(make_org):
    org = make_org()
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
        text = org.conf.read_text()
        at = text.index("smtp://127.0.0.1:")
        end = text.index('"', at)
        org.conf.write_text(text[:at] + f"smtp://127.0.0.1:{port}" +
                            text[end:])
        out = org.program.ok("sensectl", "check")
        assert f"warning: relay smtp://127.0.0.1:{port}: cannot be " in out
        s.listen(1)
        began = time.monotonic()
        out = org.program.ok("sensectl", "check")   # accepts, says nothing
        assert f"warning: relay smtp://127.0.0.1:{port}: cannot be " in out
        assert time.monotonic() - began < 20


@pytest.mark.parametrize("lang, words", [
    ("en", "Leave the link alone"), ("cy", "Gadael llonydd i'r ddolen")])
def test_the_note_for_the_it_desk(make_org, lang, words):
    org = make_org(languages='"en", "cy"', base="https://pulse.taf.example/",
                   mail='dkim_selector = "s1";')
    note = org.program.ok("sensectl", "check", "--it-note", "--lang", lang)
    assert words in note
    for part in ("pulse@taf.example", "pulse-bounce+...@taf.example",
                 "https://pulse.taf.example/", "127.0.0.1", "s1",
                 f"{org.state}/answers"):
        assert part in note
    assert all(len(x) <= 80 for x in note.splitlines()
               if str(org.state) not in x)
    assert note == org.program.ok("sensectl", "check", "--it-note",
                                  "--lang", lang)


# --------------------------------------- what the units may reach: P4, C3

UNITS = ("sensed.service", "sensed-digest.service")


def about_units(org, drop_ins=None):
    """What check says of them; drop_ins stands for /etc/systemd/system."""
    program = org.program
    argv = program.argv("sensectl", "check", "--offline")
    if drop_ins:
        argv = namespace([(drop_ins, "/etc/systemd/system")], argv)
    r = subprocess.run(argv, env=program.environment(), text=True,
                       capture_output=True, check=True, timeout=60)
    return [x for x in r.stdout.splitlines() if ".service: " in x]


@pytest.fixture
def elsewhere(make_org):
    org = make_org()
    text = org.conf.read_text()
    for a, b in through("192.0.2.25"):
        text = text.replace(a, b)
    org.conf.write_text(text)
    return org


def test_a_relay_elsewhere_needs_a_drop_in_for_each_unit(elsewhere, tmp_path):
    said = about_units(elsewhere)
    assert [x.split(": ")[:2] for x in said] == [
        ["warning", unit] for unit in UNITS]
    assert all("smtp://192.0.2.25" in x and "drop-in" in x for x in said)
    one = tmp_path / "sensed.service.d"
    one.mkdir()
    shutil.copy(SOURCE / "etc/sensed-relay.conf", one / "relay.conf")
    said = about_units(elsewhere, tmp_path)
    assert [x.split(": ")[:2] for x in said] == [
        ["ok", UNITS[0]], ["warning", UNITS[1]]]
    other = tmp_path / "sensed-digest.service.d"
    other.mkdir()
    (other / "relay.conf").symlink_to("../sensed.service.d/relay.conf")
    said = about_units(elsewhere, tmp_path)
    assert [x.split(": ")[0] for x in said] == ["ok", "ok"]
    # one that is about something else allows nothing
    (one / "relay.conf").write_text("[Service]\n#IPAddressAllow=any\n")
    assert about_units(elsewhere, tmp_path)[0].startswith("warning")


def test_a_relay_on_this_machine_needs_none(make_org):
    assert about_units(make_org()) == []
