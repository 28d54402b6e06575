"""old_store.py - a store of an earlier release, which every later one reads.

data/store-1.tar.xz is a state directory, data/store-1.json what its people
know: links, change codes, answers.  It has a published wave and one that is
open for a day, in which some have answered and one has opted out.  The keys
in it are of a made-up organisation.

    SENSED_BUILD=BUILD /usr/bin/python3 tests/system/old_store.py

makes both anew with the programs of a build, and is for format 1 until 0.1.0
is released.  After a release its file is never made again: who changes a
format adds another one, store-2, and keeps this.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import io
import json
import lzma
import os
import pathlib
import sys
import tarfile
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True

import scorer                                       # noqa: E402
from organisation import Organisation               # noqa: E402
from people import answer_all, assign               # noqa: E402
from post import PostOffice, free_port              # noqa: E402
from web import Browser, WebServer                  # noqa: E402

DATA = pathlib.Path(__file__).parent / "data"
BEFORE, WAVE = "staff-2026q3", "staff-2026q4"
OPENED, NOW = "2026-10-05 09:00", "2026-10-06 10:00"
TREE = (("ORG", "", "All", 0), ("A", "ORG", "Wards", 14),
        ("B", "ORG", "Home care", 13))


def ballot(i):
    """Some answers, one question left out now and then."""
    return {s: None if (i + j) % 11 == 0 else 1 + (i * 3 + j * 2) % 5
            for j, s in enumerate(scorer.SENSES)}


def answers(first, many):
    return [("AB"[i % 2], ballot(first + i)) for i in range(many)]


def organisation(directory, **how):
    org = Organisation(directory, **how)
    org.add_tree(TREE)
    return org


def pack(directory):
    """The same bytes for the same files, whoever packs them."""
    def plain(t):
        t.uid = t.gid = t.mtime = 0
        t.uname = t.gname = "root"
        return t

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for path in sorted(directory.rglob("*")):
            t.add(path, str(path.relative_to(directory)), recursive=False,
                  filter=plain)
    return lzma.compress(out.getvalue(), preset=9 | lzma.PRESET_EXTREME)


def make(directory, post):
    org = organisation(directory / "org", smtp_port=post.port, workers=1,
                       base=f"http://127.0.0.1:{free_port()}/",
                       start="2026-07-06 09:00")
    org.import_now()
    server = WebServer(directory / "web", int(org.base.split(":")[2][:-1]),
                       "fastcgi", org.conf, org.clock)
    try:
        first = answers(0, 24)
        org.open(BEFORE)
        org.mail()
        answer_all(org.base, post.take(), assign(org, first))
        org.close(BEFORE)
        org.program.ok("sensed-digest")
        post.take()
        org.clock.set(OPENED)
        org.open(WAVE)
        org.mail()
        mails = post.take()
        given = assign(org, answers(100, 9))
        codes = answer_all(org.base, mails, given, threads=1)
        org.clock.set(NOW)
        web = Browser(org.base)
        leaver = next(m for m in mails if m.to[0] not in given)
        page = web.get("o/" + leaver.optout)
        assert web.submit(page.form()).status == 200
        web.close()
        org.program.ok("sensed", "--once")
    finally:
        server.stop()
    (DATA / "store-1.tar.xz").write_bytes(pack(org.state))
    (DATA / "store-1.json").write_text(json.dumps({
        "links": {m.to[0]: m.link for m in mails},
        "optouts": {m.to[0]: m.optout for m in mails},
        "codes": codes, "answered": given, "before": first,
        "opted_out": leaver.to[0]}, indent=1, sort_keys=True) + "\n")


def load(org):
    """Puts the old store where org has its state; what its people know."""
    org.state.mkdir()
    org.state.chmod(0o711)
    with tarfile.open(DATA / "store-1.tar.xz") as t:
        t.extraction_filter = getattr(tarfile, "fully_trusted_filter", None)
        t.extractall(org.state)
    org.clock.set(NOW)
    return json.loads((DATA / "store-1.json").read_text())


def go_on(org, post):
    """The rest of the open wave: a change, reminders, answers, figures that
    the second scorer finds too, and nobody asked twice."""
    known = org.known
    org.mail()
    assert post.take() == []
    web = Browser(org.base)
    answered = dict(known["answered"])
    changer = "A.1@taf.example"
    answered[changer] = ballot(7)
    page = web.submit(web.get("c").form(), code=known["codes"][changer])
    assert web.submit(page.form(), **{
        s: v for s, v in answered[changer].items() if v}).status == 200
    again = web.get("a/" + known["links"][changer])
    assert web.submit(again.form(), security=1).status == 409
    web.close()

    org.clock.set("2026-10-09 10:00")
    org.mail()
    reminded = post.take()
    quiet = set(known["links"]) - set(answered) - {known["opted_out"]}
    assert sorted(m.to[0] for m in reminded) == sorted(quiet)
    assert all(m.link == known["links"][m.to[0]] for m in reminded)
    more = {a: ballot(50 + i) for i, a in enumerate(sorted(quiet)[:12])}
    answer_all(org.base, reminded, more)
    answered |= more

    org.clock.set("2026-10-20 10:00")
    org.mail()
    org.program.ok("sensed-digest")
    before = org.expected([(u, a) for u, a in known["before"]])
    expected = org.expected(
        [(a.split(".")[0], b) for a, b in answered.items()], before,
        {u: sum(1 for p in org.people if p["unit"] in units)
         for u, units in (("ORG", "AB"), ("A", "A"), ("B", "B"))})
    assert org.program.ok("sensectl", "export", WAVE) == \
        expected.export_csv(WAVE)
    assert sorted(m.to[0] for m in post.take()) == [
        f"leader.{u}@taf.example" for u in ("a", "b", "org")]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)
        office = PostOffice(pathlib.Path(scratch) / "Maildir")
        try:
            make(pathlib.Path(scratch), office)
        finally:
            office.close()
    for made in ("store-1.tar.xz", "store-1.json"):
        print(DATA / made, (DATA / made).stat().st_size, "bytes")
