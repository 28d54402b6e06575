"""naive.py - two careless stores, shipped as the control of the benchmark.

The same attacker must do far better on these than on sensed, or the
benchmark proves nothing.  Both write GDBM in place, as one does who has not
read doc/spec/FACTS 1.4, and both put the unit beside the token.

  rows    one row a person: hash of token -> unit, used, answers
  split   "anonymous": hash of token -> unit, used; the answers in files of
          their own, one a unit, under random numbers

At publication both delete what was personal, with gdbm_delete.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import struct

import gdbmfile
import sodium


class Naive:
    def __init__(self, directory, unit_of, links):
        """unit_of: {person: number}; links: {person: link}."""
        self.dir, self.unit_of, self.links = directory, unit_of, links
        self.code = {}                  # person -> key of the answer's row
        self.files = {}
        for old in directory.glob(f"{type(self).__name__}.*"):
            old.unlink()
        for person in links:
            self.file("people")[self.token(person)] = self.row(person, 0)

    def file(self, name):
        if name not in self.files:
            path = self.dir / f"{type(self).__name__}.{name}"
            self.files[name] = path, gdbmfile.Db(path, gdbmfile.WRCREAT)
        return self.files[name][1]

    def token(self, person):
        return b"T" + sodium.hashed(sodium.secret_of(self.links[person]))

    def row(self, person, used, answers=bytes(6)):
        return struct.pack(">IB", self.unit_of[person], used) + answers

    def read(self):
        """{name: bytes} of its files, as a copy would have them."""
        for _, db in self.files.values():
            db.sync()
        return {name: path.read_bytes()
                for name, (path, _) in sorted(self.files.items())}

    def close(self):
        """Publication: the rows of people go, the files stay."""
        for _, db in self.files.values():
            for key, _ in db.items():
                if key[:1] in b"TB":
                    del db[key]
            db[b"published"] = b"figures"
        out = self.read()
        for _, db in self.files.values():
            db.close()
        return out


class Rows(Naive):
    name = "one row a person"

    def answer(self, person, answers):
        self.file("people")[self.token(person)] = \
            self.row(person, 1, answers)

    @staticmethod
    def records(copy):
        """(marks {hash: (place, used)}, ballots {id: (place, unit, answers,
        hash of the token or None)})"""
        marks, ballots = {}, {}
        raw = copy["people"]
        for key, (at, k, v) in gdbmfile.places(raw).items():
            if key[:1] != b"T":
                continue
            unit, used = struct.unpack_from(">IB", raw, at + k)
            marks[key[1:]] = at, used
            if used:
                ballots[key] = at, unit, raw[at + k + 5:at + k + 11], key[1:]
        return marks, ballots


class Split(Naive):
    name = "people and answers apart"

    def answer(self, person, answers):
        self.file("people")[self.token(person)] = self.row(person, 1)
        unit = self.unit_of[person]
        key = self.code.setdefault(person, b"B" + os.urandom(32))
        self.file(f"answers{unit}")[key] = struct.pack(">I", unit) + answers

    @staticmethod
    def records(copy):
        marks, ballots = {}, {}
        for raw in copy.values():
            for key, (at, k, v) in gdbmfile.places(raw).items():
                value = raw[at + k:at + k + v]
                if key[:1] == b"T":
                    marks[key[1:]] = at, value[4]
                elif key[:1] == b"B":
                    unit = struct.unpack(">I", value[:4])[0]
                    ballots[key] = at, unit, value[4:10], None
        return marks, ballots
