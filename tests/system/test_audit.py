"""sensectl audit: says what is stored, and names what should not be there.

STANDARDS 4, SCORING 5 and 9.4.  Each fault is planted into a good state
directory, and must be named with its file; the good one has none.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import time

import pytest

import gdbmfile
import scorer
from people import answer_all, assign
from web import Browser, contents, copy_tree

WAVE = "staff-2026q4"


@pytest.fixture
def org(make_org, vectors):
    org = make_org()
    tree = scorer.read_units(vectors / "ex2_tree.csv")
    org.add_tree([(u.id, u.parent, u.name, u.invited)
                  for u in (tree.units[i] for i in tree.pre)])
    org.import_now()
    return org


def audit(org, wave=WAVE):
    return org.program.sensectl("audit", wave)


def good(org):
    r = audit(org)
    assert r.returncode == 0, r.stdout + r.stderr
    assert re.search(r"^\d+ files and directories looked at, 0 bad$",
                     r.stdout, re.M)
    assert "BAD" not in r.stdout
    return r.stdout


def bad(org, path, why):
    """One fault more: 65 or 70, and the file is named on both outputs."""
    r = audit(org)
    assert r.returncode in (65, 70), (path, r.stdout, r.stderr)
    lines = [x for x in r.stdout.splitlines() if x.startswith("  BAD ")]
    assert any(x.startswith(f"  BAD {path}: ") and why in x
               for x in lines), (path, why, r.stdout)
    assert f"{len(lines)} bad" in r.stdout.splitlines()[-1]
    assert lines[0].removeprefix("  BAD ")[:60] in r.stderr


def run_wave(org, vectors, post, serve):
    serve(org, "fastcgi")
    org.open(WAVE)
    org.mail()
    mails = post.take()
    ballots = scorer.read_answers(vectors / "ex2_answers.csv")[0]
    given = assign(org, ballots)
    answer_all(org.base, mails, given)
    return mails, given


def box(org, n=0):
    (found,) = org.state.glob(f"answers/*/boxes/{n:04}.gdbm")
    return found


def relative(org, path):
    return str(path.relative_to(org.state))


# -------------------------------------------------------------- good waves

def test_every_state_of_a_wave_is_told_and_good(org, vectors, post, serve):
    """Open, closed, published, digests sent: what is there, and for whom."""
    mails, _ = run_wave(org, vectors, post, serve)
    Browser(org.base).post("o/" + mails[0].optout,
                           "List-Unsubscribe=One-Click")
    before = contents(org.state)
    text = good(org)
    assert f"wave {WAVE} is open until 2026-10-19T09:0" in text
    for path in (f"keys/token/{WAVE}", f"keys/ballot/{WAVE}",
                 f"ledgers/{WAVE}.list", f"ledgers/{WAVE}.log",
                 relative(org, box(org)), "roster/last-staff",
                 "roster/roster.gdbm", "keys/organisation"):
        assert f"\n  {path}\n" in text, path
    assert "readable by user" in text and "destroyed at publication" in text
    assert "in full\ncontrol of this server could link" in text
    assert contents(org.state) == before        # it reads only
    org.close(WAVE)
    assert "is not published yet; it closed" in good(org)
    org.program.ok("sensed-digest", "--publish-only")
    text = good(org)
    assert f"wave {WAVE} is published; it was open from" in text
    assert f"ledgers/{WAVE}.digest" in text
    assert "who gave which\nanswer" in text
    for gone in ("keys/token", "keys/ballot", "boxes", ".list", ".log"):
        assert gone not in text
    org.program.ok("sensed-digest")
    assert ".digest" not in good(org)


def test_it_tells_no_count_of_answers(org, vectors, post, serve):
    """SCORING 9.4: the text does not change when people answer."""
    serve(org, "fastcgi")
    org.open(WAVE)
    org.mail()
    mails = post.take()
    before = good(org)
    given = assign(org, scorer.read_answers(vectors / "ex2_answers.csv")[0])
    answer_all(org.base, mails, given)
    assert good(org) == before


def test_no_such_wave(org):
    r = audit(org, "nobody-2026q1")
    assert r.returncode == 66 and "no such wave" in r.stderr
    assert audit(org, "../roster").returncode == 66


def test_a_discarded_wave_has_nothing_left(org, vectors, post, serve):
    run_wave(org, vectors, post, serve)
    org.program.ok("sensectl", "discard", WAVE, "--force")
    text = good(org)
    assert "neither open nor published" in text


# ------------------------------------------------- faults while it is open

def extra_file(org):
    (org.state / "roster" / "people.csv").write_text("a")
    return "roster/people.csv", "never writes"


def editor_copy_of_a_box(org):
    path = box(org)
    copy = path.with_name(path.name + "~")
    copy.write_bytes(path.read_bytes())
    return relative(org, copy), "never writes"


def folder(org):
    (org.state / "published" / "old").mkdir()
    return "published/old", "never writes"


def key_readable(org):
    path = org.state / "keys/ballot" / WAVE
    path.chmod(0o640)
    return relative(org, path), "mode 0640"


def answers_for_all(org):
    (org.state / "answers").chmod(0o2777)
    return "answers", "mode 2777"


def box_for_all(org):
    box(org).chmod(0o664)
    return relative(org, box(org)), "mode 0664"


def foreign_owner(org):
    path = org.state / "roster/roster.gdbm"
    os.chown(path, 12345, -1)
    return relative(org, path), "belongs to user 12345"


def symbolic_link(org):
    path = org.state / "keys/token" / WAVE
    path.rename(org.dir / "elsewhere")
    path.symlink_to(org.dir / "elsewhere")
    return relative(org, path), "no regular file"


def second_name(org):
    os.link(box(org), org.dir / "kept")
    return relative(org, box(org)), "another name"


def stale_new(org):
    path = box(org).with_name("0000.gdbm.new")
    path.write_bytes(b"half")
    old = time.time() - 300 * 86400
    os.utime(path, (old, old))
    return relative(org, path), "cut short"


def order_of_arrival(org):
    """The same records, put in in another order: hole 2."""
    records = gdbmfile.read(box(org))
    first = [(b"format", records.pop(b"format"))]
    gdbmfile.write(box(org), first + sorted(records.items(), reverse=True))
    return relative(org, box(org)), "hash order"


def written_in_place(org):
    """The same records; one was deleted and put back: free space tells."""
    with gdbmfile.Db(box(org)) as db:
        key = next(k for k, _ in db.items() if k[:1] == b"B")
        value = db[key]
        del db[key]
        db[key] = value
    return relative(org, box(org)), "hash order"


def free_bytes(org):
    """Something hidden in the free space of a box."""
    raw = bytearray(box(org).read_bytes())
    raw[-16:] = b"EMP-0042 said no"
    box(org).write_bytes(raw)
    return relative(org, box(org)), "hash order"


def foreign_length(org):
    """A time beside a ballot: hole 1."""
    with gdbmfile.Db(box(org)) as db:
        key = next(k for k, _ in db.items() if k[:1] == b"B")
        db[key] = db[key] + b"1759654800"
    return relative(org, box(org)), "never wrote"


def foreign_record(org):
    with gdbmfile.Db(box(org)) as db:
        db[b"J" + b"x" * 32] = b"journal"
    return relative(org, box(org)), "never wrote"


def mark_without_ballot(org):
    with gdbmfile.Db(box(org)) as db:
        key = next(k for k, v in db.items() if k[:1] == b"T"
                   and v[0] == 0)
        db[key] = b"\1" + db[key][1:]
    return relative(org, box(org)), "differ"


def box_too_many(org):
    for end in ("gdbm", "lock"):
        path = box(org).with_suffix("." + end)
        new = path.with_name("0777." + end)
        new.write_bytes(path.read_bytes())
        new.chmod(0o660)
    return relative(org, box(org, 777)), "only"


def box_lost(org):
    path = relative(org, box(org))
    box(org).unlink()
    return path, "is missing"


def lock_lost(org):
    box(org).with_suffix(".lock").unlink()
    return relative(org, box(org)), "no lock file"


def key_lost(org):
    (org.state / "keys/ballot" / WAVE).unlink()
    return f"keys/ballot/{WAVE}", "is missing"


def key_longer(org):
    path = org.state / "keys/organisation"
    path.write_bytes(path.read_bytes() + b"and another")
    return relative(org, path), "bytes"


def lock_with_words(org):
    (org.state / "locks/roster").write_text("P1 answered")
    return "locks/roster", "bytes"


def roster_knows_more(org):
    with gdbmfile.Db(org.state / "roster/roster.gdbm") as db:
        key = next(k for k, _ in db.items() if k[:2] == b"p/")
        db[key] = db[key] + b"answered\0"
    return "roster/roster.gdbm", "1 records that sensed never writes"


def last_knows_more(org):
    with gdbmfile.Db(org.state / "roster/last-staff") as db:
        db[b"answered/T1.1"] = b"1"
    return "roster/last-staff", "1 records that sensed never writes"


def wave_file_knows_more(org):
    (path,) = (org.state / "waves").glob("*.gdbm")
    with gdbmfile.Db(path) as db:
        db[b"used/0"] = b"1"
    return relative(org, path), "never writes"


def optout_with_address(org):
    with gdbmfile.Db(org.state / "answers/optout/known") as db:
        key = next(k for k, _ in db.items() if k != b"format")
        db[key] = b"a@taf.example"
    return "answers/optout/known", "never writes"


def another_wave_never_opened(org):
    path = org.state / "keys/ballot/staff-2020q1"
    path.write_bytes(b"k" * 32)
    path.chmod(0o600)
    return relative(org, path), "neither open nor closed"


def digests_too_early(org):
    path = org.state / f"ledgers/{WAVE}.digest"
    path.write_bytes(b"x" * 64)
    path.chmod(0o600)
    return relative(org, path), "not published"


OPEN = (extra_file, editor_copy_of_a_box, folder, key_readable,
        answers_for_all, box_for_all, foreign_owner, symbolic_link,
        second_name, stale_new, order_of_arrival, written_in_place,
        free_bytes, foreign_length, foreign_record, mark_without_ballot,
        box_too_many, box_lost, lock_lost, key_lost, key_longer,
        lock_with_words, roster_knows_more, last_knows_more,
        wave_file_knows_more, optout_with_address,
        another_wave_never_opened, digests_too_early)


def plant(org, tmp_path, faults):
    """Each alone in a fresh copy; the copy alone is good."""
    if os.geteuid() != 0:                   # only root gives files away
        faults = [f for f in faults if f is not foreign_owner]
    copy_tree(org.state, tmp_path / "good")
    for fault in faults:
        copy_tree(tmp_path / "good", org.state)
        bad(org, *fault(org))
    copy_tree(tmp_path / "good", org.state)
    good(org)


def test_each_planted_fault_of_an_open_wave_is_named(
        org, vectors, post, serve, tmp_path):
    run_wave(org, vectors, post, serve)
    good(org)
    plant(org, tmp_path, OPEN)


def test_a_write_under_way_is_no_fault(org, vectors, post, serve):
    run_wave(org, vectors, post, serve)
    path = box(org).with_name("0000.gdbm.new")
    path.write_bytes(b"half")
    path.chmod(0o660)
    assert "a write that is not finished" in good(org)


# ----------------------------------------------------- beside a publication

def put_back(name):
    """One of the wave's files, as it was before publication."""
    def fault(org):
        saved = org.dir / "closed"
        (source,) = saved.glob(name)
        target = org.state / source.relative_to(saved)
        if source.is_dir():
            copy_tree(source, target)
            target.chmod(0o2770)
        else:
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(source.read_bytes())
            target.chmod(source.stat().st_mode & 0o777)
        return str(source.relative_to(saved)), "beside the publication"
    return fault


def published(org):
    return org.state / f"published/{WAVE}.gdbm"


def smaller_groups(org):
    """With k = 100 some atom is too small: the independent check fails."""
    with gdbmfile.Db(published(org)) as db:
        f = db[b"publication"].split(b"\0")
        assert f[2] == b"10"
        f[2] = b"100"
        db[b"publication"] = b"\0".join(f)
    return relative(org, published(org)), "SCORING 5"


def too_few_answers(org):
    """A leaf that is shown with four answers to one sense, k being 10."""
    with gdbmfile.Db(published(org)) as db:
        key = max(k for k, _ in db.items() if k.startswith(b"figure/"))
        f = db[key].split(b"\0")
        f[0] = b"4"
        db[key] = b"\0".join(f)
    return relative(org, published(org)), "SCORING 5"


def atom_kept(org):
    with gdbmfile.Db(published(org)) as db:
        db[b"atom/000000"] = b"3"
    return relative(org, published(org)), "never writes"


def figures_of_a_hidden_unit(org):
    with gdbmfile.Db(published(org)) as db:
        records = dict(db.items())
        hidden = next(k[5:] for k in records if k.startswith(b"unit/") and
                      b"figure/" + k[5:] + b"/purpose" not in records)
        db[b"figure/" + hidden + b"/purpose"] = \
            records[b"figure/000000/purpose"]
    return relative(org, published(org)), "a unit that is not shown"


def count_of_a_hidden_unit(org):
    with gdbmfile.Db(published(org)) as db:
        records = dict(db.items())
        key = next(k for k in records if k.startswith(b"unit/") and
                   b"figure/" + k[5:] + b"/purpose" not in records)
        db[key] = records[key] + b"7\0"
    return relative(org, published(org)), "unit/"


def name_changed(org):
    published(org).rename(published(org).with_name("staff-2027q1.gdbm"))
    return "published/staff-2027q1.gdbm", "another wave"


def old_digests(org):
    path = org.state / f"ledgers/{WAVE}.digest"
    path.write_bytes(b"")
    path.chmod(0o600)
    long_ago = time.time() - 400 * 86400
    os.utime(published(org), (long_ago, long_ago))
    return relative(org, path), "seven days"


PUBLISHED = [put_back(n) for n in (
    f"keys/ballot/{WAVE}", f"keys/token/{WAVE}", f"ledgers/{WAVE}.list",
    f"ledgers/{WAVE}.log", f"answers/??-{WAVE}", f"waves/??-{WAVE}.gdbm")]
PUBLISHED += [smaller_groups, too_few_answers, atom_kept,
              figures_of_a_hidden_unit, count_of_a_hidden_unit, name_changed,
              old_digests]


def test_each_planted_fault_beside_a_publication_is_named(
        org, vectors, post, serve, tmp_path):
    run_wave(org, vectors, post, serve)
    org.close(WAVE)
    copy_tree(org.state, org.dir / "closed")
    org.program.ok("sensed-digest")
    good(org)
    plant(org, tmp_path, PUBLISHED)


def test_what_a_killed_opening_leaves_is_named_and_goes(org):
    """It is told, and `sensed --once` makes it good again."""
    org.open(WAVE)
    (wave,) = (org.state / "waves").glob("*.gdbm")
    wave.rename(wave.with_suffix(".opening"))
    bad(org, f"keys/ballot/{WAVE}", "sensed --once destroys it")
    bad(org, relative(org, wave.with_suffix(".opening")), "sensed --once")
    for name in ("keys/token/x.new", f"published/{WAVE}.gdbm.new"):
        (org.state / name).write_bytes(b"k" * 32)
        (org.state / name).chmod(0o600)
    org.program.ok("sensed", "--once")
    left = [n for n in contents(org.state) if not n.startswith("locks/")
            and not n.endswith(("/.nobackup", "/CACHEDIR.TAG"))]
    assert sorted(left) == ["answers/optout/known", "keys/organisation",
                            "roster/last-staff", "roster/opened-staff",
                            "roster/roster.gdbm"]
    good(org)
