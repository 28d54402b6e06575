"""What the programs tell the journal: a level before each line, no person.

STANDARDS M19; issue 6, item 5.  A wave in which everything goes wrong that
can, told as loudly as the programs can.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

import pytest

import old_store
from old_store import WAVE
from web import Browser, WebServer

LINE = re.compile(r"<([3467])>(?!<)\S.*")
ERR, WARN, INFO, DEBUG = "3467"


class Journal:
    def __init__(self, org):
        self.org, self.lines = org, []
        plain = org.program.environment
        org.program.environment = lambda: plain() | {"JOURNAL_STREAM": "8:1"}

    def run(self, name, *args):
        r = self.org.program.run(name, "-v", *args)
        self.hear(r.stderr)
        return r

    def hear(self, text):
        self.lines += text.splitlines()

    def levels(self, word):
        return {x[1] for x in self.lines if word in x}


@pytest.fixture
def org(make_org):
    org = make_org(workers=1)
    org.add_tree(old_store.TREE)
    org.known = old_store.load(org)
    return org


def secrets(org):
    """Everything that names a person or opens or tells an answer."""
    known = org.known
    out = {"Leader"} | {p["email"] for p in org.people}
    out |= {u["leader_email"] for u in org.units}
    out |= {p["name"] for p in org.people}
    out |= {x for p in org.people for x in p["name"].split()}
    out |= {link[5:] for link in known["links"].values()}
    out |= set(known["optouts"].values())
    out |= {re.sub("[^a-z2-7]", "", c)[5:] for c in known["codes"].values()}
    return out


def names_somebody(lines, org):
    """Short words as words, links and codes also with their groups joined."""
    out = []
    for line in lines:
        joined = re.sub("[ -]", "", line)
        for x in secrets(org):
            if x in joined if len(x) > 20 else re.search(
                    rf"(?<!\w){re.escape(x)}(?!\w)", line):
                out.append(line)
                break
    return out


def refusals(address):
    """A relay that repeats whom it does not want, in every way."""
    n = int(address.split("@")[0].split(".")[1]) \
        if "leader" not in address else 5
    return {5: f"550 5.1.1 <{address}> no such person",
            6: f"451 4.2.0 try {address} later",
            7: f"421 4.3.2 <{address}>: closing"}.get(n)


def everything_wrong(org, post, tmp_path):
    j = Journal(org)
    post.rcpt = refusals
    org.clock.set("2026-10-09 10:00")
    j.run("sensed", "--once")
    box = next(org.state.glob("answers/*/boxes/0000.gdbm"))
    whole = box.read_bytes()

    server = WebServer(tmp_path / "web", int(
        org.base.rsplit(":", 1)[1].strip("/")), "fastcgi", org.conf,
        org.clock, more={"JOURNAL_STREAM": "8:1"})
    web = Browser(org.base)
    link = org.known["links"]["A.7@taf.example"]
    form = web.get("a/" + link).form()
    box.write_bytes(whole[:5000])
    assert web.get("a/" + link).status == 503
    assert web.submit(form, security=2).status == 503
    box.write_bytes(whole)
    assert web.submit(form, security=2).status == 200
    assert web.get("a/" + link[:-1]).status == 404
    web.close()
    server.stop()
    j.hear((tmp_path / "web/answer.log").read_text())

    org.clock.set("2026-10-20 10:00")
    j.run("sensed", "--once")
    box.write_bytes(whole[:5000])
    j.run("sensed-digest")
    box.write_bytes(whole)
    j.run("sensed-digest")
    j.run("sensectl", "show", "nobody@taf.example")
    j.run("sensectl", "export", "staff-1999q1")
    org.conf.write_text(org.conf.read_text().replace("Europe/London", "X"))
    j.run("sensed", "--once")
    j.run("sensectl", "status")
    return j


def test_each_line_has_its_level_and_names_nobody(org, post, tmp_path):
    j = everything_wrong(org, post, tmp_path)
    assert len(j.lines) > 10
    assert [x for x in j.lines if not LINE.fullmatch(x)] == []
    assert {x[1] for x in j.lines} >= {ERR, INFO}
    assert j.levels("0000") == {ERR}        # a damaged box is an error
    assert j.levels("box 0") == {ERR}
    assert j.levels("is published") == {INFO}
    assert j.levels(WAVE) >= {ERR, INFO}
    assert names_somebody(j.lines, org) == []


@pytest.mark.parametrize("planted", (
    "<4>refused: A.5@taf.example", "<6>mailed Megan", "<7>{link}",
    "<3>the code {code} is unknown", "<6>opted out: {optout}"))
def test_a_line_that_names_somebody_is_caught(org, planted):
    org.people[0]["name"] = "Megan Rees"
    known = org.known
    line = planted.format(
        link=known["links"]["A.2@taf.example"],
        code=known["codes"]["A.2@taf.example"],
        optout=known["optouts"]["A.2@taf.example"])
    assert names_somebody(["<6>fine", line], org) == [line]
    assert LINE.fullmatch(line) and not LINE.fullmatch(line[3:])


def test_without_a_journal_no_level_is_printed(org):
    r = org.program.sensectl("export", "staff-1999q1")
    assert r.returncode == 66 and not r.stderr.startswith("<")
