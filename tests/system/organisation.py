"""organisation.py - a fictional organisation on disk, ready to run.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import copy
import csv
import pathlib
import shutil

import programs
import scorer
from clock import Clock

UNIT_COLUMNS = ("unit", "parent", "name", "leader_name", "leader_email",
                "language")
PEOPLE_COLUMNS = ("id", "email", "name", "unit", "language")

CONF = """
organisation = {{ name = "Taf Community Trust"; }};
state_dir = "{state}";
templates = "{templates}";
timezone = "Europe/London";
languages = [ {languages} ];
mail = {{
    relay = "smtp://127.0.0.1:{smtp}";
    tls = "none";
    from = "Carys Morgan <pulse@taf.example>";
    return_path = "pulse-bounce@taf.example";
    connections = {connections};
    {mail}
}};
web = {{ base_url = "{base}"; workers = {workers}; }};
privacy = {{ min_group = {k}; protect = "{protect}"; {privacy} }};
support = ( {{ name = "Samaritans"; contact = "116 123";
               checked = "2026-09-01"; }} );
surveys = ( {{ name = "staff"; questions = "questions-staff.conf";
    prompts = "prompts-staff.conf";
    {survey}
    calendar = {{ open_days = 14; reminders = [ 4, 9 ]; }}; }} {more} );
"""
SERVED = """, { name = "served"; kind = "served";
    questions = "questions-served.conf"; prompts = "prompts-served.conf";
    staff_copy = false;
    calendar = { open_days = 14; reminders = [ 4, 9 ]; };
    %s }"""

FIRST = ("Aled Bethan Carys Dafydd Eleri Ffion Gareth Heledd Ifan Jac Lowri "
         "Megan Nia Owain Rhys Sian Tomos Alice Ben Chloe Daniel Emily "
         "Freya George Hannah Isaac Jack Kate Liam Molly Noah Olivia Priya "
         "Rosa Sam Tariq").split()
LAST = ("Morgan Evans Davies Jones Hughes Price Rees Griffiths Llewellyn "
        "Powell Vaughan Pritchard Bowen Howells Watkins Bevan Parry Smith "
        "Taylor Brown Walker Khan Patel Clarke Turner Baker Cooper Ward "
        "Foster Marsh").split()


def person_name(i):
    return f"{FIRST[i * 7 % len(FIRST)]} {LAST[i * 11 % len(LAST)]}"


def leader(unit, name=None):
    return name or f"Leader {unit}", f"leader.{unit.lower()}@taf.example"


class Organisation:
    """sensed.conf, question file, CSV files, state directory."""

    def __init__(self, directory, smtp_port=25, base="http://127.0.0.1:9/",
                 clock=None, k=10, protect="suppress", connections=4,
                 workers=0, mail="", survey="staff_copy = false;",
                 start="2026-10-05 09:00", languages='"en"', served=None,
                 privacy=""):
        self.dir = pathlib.Path(directory)
        self.dir.mkdir(parents=True, exist_ok=True)
        self.state = self.dir / "state"
        self.conf = self.dir / "sensed.conf"
        # The clock's file is in the one folder that every sandbox may read.
        self.templates = self.dir / "words"
        shutil.copytree(programs.SOURCE / "templates", self.templates,
                        dirs_exist_ok=True)
        self.clock = clock or Clock(self.templates, start)
        self.base, self.k, self.protect = base, k, protect
        self.units, self.people = [], []
        for name in ("questions", "prompts"):
            for kind in ("staff", "served"):
                shutil.copy(programs.SOURCE / f"etc/{name}-{kind}.conf",
                            self.dir)
        self.conf.write_text(CONF.format(
            state=self.state, templates=self.templates,
            smtp=smtp_port, base=base, k=k, protect=protect,
            connections=connections, workers=workers, mail=mail,
            survey=survey, languages=languages, privacy=privacy,
            more="" if served is None else SERVED % served))
        self.survey = "staff"
        self.program = programs.Programs(self.conf, self.clock)

    def those_served(self):
        """The same organisation's other survey, with a roster of its own."""
        other = copy.copy(self)
        other.survey, other.units, other.people = "served", [], []
        return other

    # ------------------------------------------------------------- roster

    def add_unit(self, id, parent="", name=None, leaders=None, language=""):
        rows = leaders if leaders is not None else [leader(id)]
        for leader_name, address in rows or [("", "")]:
            self.units.append({
                "unit": id, "parent": parent, "name": name or f"Unit {id}",
                "leader_name": leader_name, "leader_email": address,
                "language": language})

    def add_person(self, id, unit, name=None, email=None, language=""):
        self.people.append({
            "id": id, "unit": unit, "language": language,
            "name": person_name(len(self.people)) if name is None else name,
            "email": email or f"{id}@taf.example"})

    def add_one_unit(self, people):
        """All in unit ORG: p0, p1 and so on."""
        self.add_unit("ORG")
        for i in range(people):
            self.add_person(f"p{i}", "ORG")

    def add_tree(self, rows):
        """Units and people of (id, parent, name, invited) rows."""
        for id, parent, name, invited in rows:
            self.add_unit(id, parent, name)
            for i in range(invited):
                self.add_person(f"{id}.{i + 1}", id)

    def write_csv(self):
        of = "" if self.survey == "staff" else f"-{self.survey}"
        units, people = (self.dir / f"{name}{of}.csv"
                         for name in ("units", "people"))
        for path, columns, rows in ((units, UNIT_COLUMNS, self.units),
                                    (people, PEOPLE_COLUMNS, self.people)):
            with open(path, "w", encoding="utf-8", newline="") as f:
                w = csv.DictWriter(f, columns)
                w.writeheader()
                w.writerows(rows)
        return units, people

    def import_files(self, units, people, *more, survey=None):
        return self.program.run(
            "sensectl", "import", survey or self.survey, "--units",
            str(units), "--people", str(people), *more)

    def import_now(self):
        r = self.import_files(*self.write_csv())
        assert r.returncode == 0, r.stdout + r.stderr
        return r.stdout + r.stderr

    def by_address(self):
        return {p["email"]: p for p in self.people}

    # ------------------------------------------------------------- a wave

    def open(self, wave="staff-2026q4", *more):
        self.program.ok("sensectl", "open", self.survey, "--wave", wave,
                        *more)
        return wave

    def mail(self):
        return self.program.ok("sensed", "--once")

    def close(self, wave):
        """The calendar's way: two weeks on, the daemon closes."""
        self.clock.forward(days=14, hours=1)
        return self.program.ok("sensed", "--once")

    def scorer_rows(self):
        """The tree and its invited people, as `sensectl score` reads it."""
        count, rows, seen = {}, [], set()
        for p in self.people:
            count[p["unit"]] = count.get(p["unit"], 0) + 1
        for u in self.units:
            if u["unit"] not in seen:
                seen.add(u["unit"])
                rows.append((u["unit"], u["parent"], u["name"],
                             count.get(u["unit"], 0)))
        return rows

    def expected(self, ballots, last=None, stayed=None, **asked):
        """The publication by the second scorer."""
        wave = scorer.Wave(scorer.Tree(self.scorer_rows()), ballots, self.k,
                           self.protect, **asked)
        return scorer.Publication(wave, last, stayed)

    def ask_more(self, *keys):
        """Adds optional items to the question file."""
        path = self.dir / "questions-staff.conf"
        more = "".join(
            f'    {{ key = "{key}"; version = 1;\n'
            f'      text = {{ en = "More of {key}."; }};\n'
            '      hint = { en = ""; }; },\n' for key in keys)
        path.write_text(path.read_text().replace(
            "items = (\n", "items = (\n" + more, 1))


def ballot(value=None, **some):
    """Answers of all six senses: one value for all, then exceptions."""
    out = dict.fromkeys(scorer.SENSES, value)
    out.update(some)
    return out
