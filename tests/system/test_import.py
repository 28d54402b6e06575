"""Import: refused whole with FILE:LINE, or done in one transaction.

Issue 2, item 2; SCORING 11; STANDARDS M4.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

import pytest

UNITS = b"""unit,parent,name,leader_name,leader_email,language
ORG,,Trust,Ann Rees,ann@taf.example,
T1,ORG,North,Ben Lloyd,ben@taf.example,en
"""
PEOPLE = b"""id,email,name,unit,language
p1,p1@taf.example,Aled Price,T1,
p2,p2@taf.example,Bethan Rees,T1,en
"""

# name, file at fault, line at fault, bytes of the units, of the people
REFUSED = (
    ("a person of an unknown unit", "people", 3, UNITS,
     PEOPLE.replace(b"Rees,T1", b"Rees,T9")),
    ("a parent that is not there", "units", 3,
     UNITS.replace(b"T1,ORG", b"T1,OGR"), PEOPLE),
    ("a doubled unit under another parent", "units", 5, UNITS
     + b"T2,ORG,South,,,\nT2,T1,South,,,\n", PEOPLE),
    ("a doubled person id", "people", 4, UNITS,
     PEOPLE + b"p1,p3@taf.example,Carys,T1,\n"),
    ("a doubled address", "people", 4, UNITS,
     PEOPLE + b"p3,p1@taf.example,Carys,T1,\n"),
    ("a doubled address in capitals", "people", 4, UNITS,
     PEOPLE + b"p3,P1@TAF.example,Carys,T1,\n"),
    ("a cycle", "units", None, UNITS + b"A,B,x,,,\nB,A,y,,,\n", PEOPLE),
    ("two roots", "units", 4, UNITS + b"TOP,,Other,,,\n", PEOPLE),
    ("no root", "units", None, UNITS.replace(b"ORG,,", b"ORG,T1,"), PEOPLE),
    ("a malformed unit id", "units", 4, UNITS + b"T 2,ORG,South,,,\n",
     PEOPLE),
    ("a unit id of 33 characters", "units", 4,
     UNITS + b"T" * 33 + b",ORG,South,,,\n", PEOPLE),
    ("a line end in a name", "people", 3, UNITS,
     PEOPLE.replace(b"Bethan Rees", b'"Bethan\nRees"')),
    ("a carriage return in a name", "people", 3, UNITS,
     PEOPLE.replace(b"Bethan Rees", b'"Bethan\rRees"')),
    ("CR LF in a leader's name", "units", 3,
     UNITS.replace(b"Ben Lloyd", b'"Ben\r\nBcc: x@y.example"'), PEOPLE),
    ("a line end in an address", "people", 3, UNITS,
     PEOPLE.replace(b"p2@taf.example", b'"p2@taf.example\n"')),
    ("NUL in a name", "people", 3, UNITS,
     PEOPLE.replace(b"Bethan Rees", b"Bethan\0Rees")),
    ("NUL in a unit's name", "units", 3,
     UNITS.replace(b"North", b"No\0rth"), PEOPLE),
    ("another control character", "people", 3, UNITS,
     PEOPLE.replace(b"Bethan Rees", b"Bethan\x1bRees")),
    ("an address without @", "people", 3, UNITS,
     PEOPLE.replace(b"p2@taf", b"p2.taf")),
    ("an address with a space", "people", 3, UNITS,
     PEOPLE.replace(b"p2@taf", b"p 2@taf")),
    ("an address in angle brackets", "people", 3, UNITS,
     PEOPLE.replace(b"p2@taf.example", b"<p2@taf.example>")),
    ("an empty address", "people", 3, UNITS,
     PEOPLE.replace(b"p2@taf.example", b"")),
    ("a leader's bad address", "units", 3,
     UNITS.replace(b"ben@taf.example", b"ben@"), PEOPLE),
    ("an empty person id", "people", 3, UNITS,
     PEOPLE.replace(b"p2,", b",")),
    ("an unknown language", "people", 3, UNITS,
     PEOPLE.replace(b",en", b",xx")),
    ("a column that is missing", "people", 1, UNITS,
     PEOPLE.replace(b"id,email,name,unit", b"id,mail,name,unit")),
    ("a header that stands twice", "people", 1, UNITS,
     PEOPLE.replace(b"name,unit", b"name,name")),
    ("units without a header", "units", 1, UNITS.split(b"\n", 1)[1], PEOPLE),
    ("too few fields", "people", 4, UNITS, PEOPLE + b"p3,p3@taf.example\n"),
    ("too many fields", "people", 4, UNITS,
     PEOPLE + b"p3,p3@taf.example,Carys,T1,,,\n"),
    ("Latin-1", "people", 3, UNITS,
     PEOPLE.replace(b"Bethan", b"B\xe9than")),
    ("UTF-16", "people", 1, UNITS, PEOPLE.decode().encode("utf-16")),
    ("an overlong UTF-8 form", "people", 3, UNITS,
     PEOPLE.replace(b"Bethan", b"B\xc0\xaf")),
    ("an unclosed quote", "people", None, UNITS,
     PEOPLE.replace(b"Bethan Rees", b'"Bethan Rees')),
    ("a field of 100 kB", "people", 3, UNITS,
     PEOPLE.replace(b"Bethan Rees", b"B" * 100000)),
    ("an empty people file", "people", 1, UNITS, b""),
    ("an empty units file", "units", 1, b"", PEOPLE),
    ("units with a header only", "units", None,
     UNITS.split(b"\n", 1)[0] + b"\n", PEOPLE),
)


@pytest.fixture
def org(make_org):
    org = make_org()
    (org.dir / "units.csv").write_bytes(UNITS)
    (org.dir / "people.csv").write_bytes(PEOPLE)
    r = org.import_files(org.dir / "units.csv", org.dir / "people.csv")
    assert r.returncode == 0, r.stdout + r.stderr
    return org


def roster(org):
    return {p.name: p.read_bytes()
            for p in (org.state / "roster").iterdir() if p.is_file()}


def names_line(stderr, path, line):
    return re.search(re.escape(str(path)) + ":" + (
        str(line) if line else r"\d+") + r"\b", stderr)


@pytest.mark.parametrize("fault,line,units,people",
                         [r[1:] for r in REFUSED],
                         ids=[r[0].replace(" ", "-") for r in REFUSED])
def test_refused_whole(org, fault, line, units, people):
    """Status 65, FILE:LINE and what was expected, nothing changed."""
    before = roster(org)
    (org.dir / "units.csv").write_bytes(units)
    (org.dir / "people.csv").write_bytes(people)
    r = org.import_files(org.dir / "units.csv", org.dir / "people.csv")
    assert r.returncode == 65, (r.returncode, r.stdout, r.stderr)
    assert names_line(r.stderr, org.dir / f"{fault}.csv", line), r.stderr
    assert len(r.stderr.strip()) > len(str(org.dir)) + 25   # says what
    assert roster(org) == before


@pytest.mark.parametrize("dry", ((), ("--dry-run",)))
def test_all_rows_at_fault_at_once(org, dry):
    """60 of them in one run: 50 by line, the rest by number; no address."""
    before = roster(org)
    people = PEOPLE + b"".join(
        b"q%d,q%d.at.taf.example,Name,T1,\n" % (i, i) for i in range(60))
    (org.dir / "people.csv").write_bytes(people)
    r = org.import_files(org.dir / "units.csv", org.dir / "people.csv", *dry)
    assert r.returncode == 65 and r.stdout == ""
    lines = r.stderr.splitlines()
    assert len(lines) == 51
    for n, line in enumerate(lines[:50]):
        assert f"{org.dir}/people.csv:{4 + n}: email is no" in line
    assert lines[50].endswith("people.csv: and 10 more: 60 rows are at "
                              "fault; nothing was changed")
    assert "taf.example" not in r.stderr
    assert roster(org) == before


@pytest.mark.parametrize("which", ("units", "people"))
def test_a_file_of_one_gigabyte_is_refused(org, which):
    before = roster(org)
    path = org.dir / f"{which}.csv"
    with open(path, "r+b") as f:
        f.truncate(1 << 30)     # sparse: NULs to the end
    r = org.import_files(org.dir / "units.csv", org.dir / "people.csv")
    assert r.returncode == 65, r.stderr
    assert str(path) + ":" in r.stderr
    assert roster(org) == before


@pytest.mark.parametrize("what", ("absent", "directory"))
def test_a_file_that_cannot_be_read(org, what):
    before = roster(org)
    path = org.dir / "nobody.csv"
    if what == "directory":
        path.mkdir()
    r = org.import_files(org.dir / "units.csv", path)
    assert r.returncode in (65, 66, 74), r.stderr
    assert str(path) in r.stderr
    assert roster(org) == before


def test_an_unknown_survey_is_refused(org):
    r = org.import_files(org.dir / "units.csv", org.dir / "people.csv",
                         survey="stuff")
    assert r.returncode == 66 and "stuff" in r.stderr, r.stderr


CHANGED_UNITS = b"""unit,parent,name,leader_name,leader_email,language
ORG,,Trust,Ann Rees,ann@taf.example,
T1,ORG,North and West,Ben Lloyd,ben@taf.example,en
T2,ORG,South,,,
"""
CHANGED_PEOPLE = b"""id,email,name,unit,language
p1,p1@taf.example,Aled Price,T2,
p3,p3@taf.example,Carys Vaughan,T2,
"""


def change(org):
    (org.dir / "units.csv").write_bytes(CHANGED_UNITS)
    (org.dir / "people.csv").write_bytes(CHANGED_PEOPLE)


def test_dry_run_tells_and_changes_nothing(org):
    change(org)
    before = roster(org)
    r = org.import_files(org.dir / "units.csv", org.dir / "people.csv",
                         "--dry-run")
    assert r.returncode == 0, r.stderr
    said = (r.stdout + r.stderr).lower()
    for word in ("joined", "left", "moved", "renamed"):
        assert word in said
    assert roster(org) == before


def test_import_tells_joined_left_moved_renamed(org):
    change(org)
    before = roster(org)
    r = org.import_files(org.dir / "units.csv", org.dir / "people.csv")
    assert r.returncode == 0, r.stderr
    said = (r.stdout + r.stderr).lower()
    for word in ("joined", "left", "moved"):
        assert re.search(rf"\b{word}\s+1\b", said), said
    assert re.search(r"\bt1 renamed\b.*\bnorth and west\b", said)
    assert "taf.example" not in said    # M19: no address is told
    assert roster(org) != before


def test_the_same_import_again_changes_nobody(org):
    r = org.import_files(org.dir / "units.csv", org.dir / "people.csv")
    assert r.returncode == 0, r.stderr
    said = (r.stdout + r.stderr).lower()
    for word in ("joined", "left", "moved", "renamed"):
        assert not re.search(rf"\b{word}\b\D{{0,12}}[1-9]", said), said


def test_byte_order_mark_any_column_order_and_crlf_are_taken(org):
    (org.dir / "people.csv").write_bytes(
        "\ufeffunit,language,id,name,email\r\n"
        'T1,,p1,"Price, Aled ""Al""",p1@taf.example\r\n'.encode())
    r = org.import_files(org.dir / "units.csv", org.dir / "people.csv")
    assert r.returncode == 0, r.stderr


def test_an_import_while_another_holds_the_roster_waits_or_says_so(org):
    import fcntl
    locks = org.state / "locks" / "roster"
    with open(locks, "a") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        before = roster(org)
        p = org.program.start("sensectl", "import", "staff", "--units",
                              str(org.dir / "units.csv"), "--people",
                              str(org.dir / "people.csv"))
        try:
            p.wait(1.5)
            assert p.returncode in (73, 75), p.stdout.read()
        except Exception as e:
            assert "timed out" in str(e)
        assert roster(org) == before
    p.wait(20)
    p.stdout.close()
