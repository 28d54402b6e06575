"""attack.py - the attackers of doc/spec/STANDARDS 4, and what each has.

  L  all digests, the export and the roster
  M  the mail archive, and a proxy that logs every URL with time and length
  S  all of that, later: the disk after publication, copies without keys/ of
     every night, and every generation of every box (free blocks)
  R  root while the wave is open: the boxes and keys/ at one moment

All know sensed's own code, and all are handed the answers of each unit as a
list in no order: the most that counting by unit could ever tell.  What is
left is to say whose they are.  Each tries every pair of an order of people
and an order of answers (place in the file, time, hash, length, ...); which
pair is best is learnt from half of the waves and counts on the other half.
Direct finds (a key, a seat or a code that opens) count at once.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import functools
import re

import gdbmfile
import sodium

BALLOT = 1 + 4      # version and unit stand before the answers


# ------------------------------------------------------ reading our boxes

def boxes(state, name):
    """{number: raw bytes} of the wave's boxes in a copy."""
    found = ((re.fullmatch(rf"answers/..-{name}/boxes/(\d+)\.gdbm", path),
              raw) for path, raw in state.items())
    return {int(m.group(1)): raw for m, raw in found if m}


def marks_and_ballots(raw):
    """({hash of token: (place, used)}, {hash of code: (place, value)})"""
    marks, ballots = {}, {}
    for key, (at, k, v) in gdbmfile.places(raw).items():
        value = raw[at + k:at + k + v]
        if key[:1] == b"T" and len(key) == 33:
            marks[key[1:]] = at, value[0]
        elif key[:1] == b"B" and len(key) == 33:
            ballots[key[1:]] = at, value
    return marks, ballots


def public_key(state, name):
    for path, raw in state.items():
        if re.fullmatch(rf"waves/..-{name}\.gdbm", path):
            at, k, v = gdbmfile.places(raw)[b"ballot"]
            return raw[at + k:at + k + v]
    return None


def opened(value, public, secret):
    """(unit in the tree, answers) of a ballot's record, or None."""
    plain = sodium.unseal(value[24:], public, secret)
    return plain and (int.from_bytes(plain[1:5], "big"),
                      plain[BALLOT:BALLOT + 6])


@functools.lru_cache(1)
def hashes(e):
    """{hash of token: person}: the mail archive holds the tokens."""
    return {sodium.hashed(sodium.secret_of(link)): person
            for person, link in e.links.items()}


# ----------------------------------------------------------- orders, pairs

def lists(truth):
    """The answers of a group as a list that tells nothing of its people."""
    return [{"text": a, "left out": (a.count(0), a), "sum": (sum(a), a),
             "answers": a} for a in sorted(truth.values())]


def pairs(groups, people, ballots):
    """{strategy: guess}: each order of people with each of ballots.

    people: {person: {order: value}}; ballots: {group: [{order: value,
    "answers": ...}]}.
    """
    of_people = sorted({f for p in people.values() for f in p})
    of_ballots = sorted({f for some in ballots.values() for b in some
                         for f in b} - {"answers"})
    out = {}
    for f in of_people:
        for g in of_ballots:
            guess = {}
            for group, members in groups.items():
                who = sorted((p for p in members if f in people.get(p, {})),
                             key=lambda p: (people[p][f], p))
                what = sorted(ballots.get(group, ()), key=lambda b: b[g])
                guess.update((p, b["answers"]) for p, b in zip(who, what))
            out[f"{f} ~ {g}"] = guess
    return out


def seen_by_mail(e):
    """Orders of people from the mail archive and the proxy's log."""
    out, who = {}, {link: p for p, link in e.links.items()}
    for i, m in enumerate(e.mails):
        p = out.setdefault(who[m.link], {"reminded": 0, "link": m.link,
                           "hash": sodium.hashed(sodium.secret_of(m.link)),
                           "mailed": i, "length of mail": len(m.raw)})
        p["reminded"] += i != p["mailed"]
    for hit in e.log:
        p = out[hit.person]
        kind = "post" if hit.request else "get"
        p[f"time of {kind}"] = hit.time
        p[f"length of {kind}"] = hit.length
    return out


# ------------------------------------------------------------- L, M and S

def attack_l(e, groups):
    people = {p: {"roster": p, "name": e.names[p], "leader": i}
              for i, p in enumerate(e.links)}
    return pairs(groups, people, {g: lists(t) for g, t in groups.items()})


def attack_m(e, groups):
    return pairs(groups, seen_by_mail(e),
                 {g: lists(t) for g, t in groups.items()})


def request_lengths(e, groups):
    """M, who also logs how long each request was: what was left out."""
    people = seen_by_mail(e)
    for hit in e.log:
        if hit.request:
            people[hit.person] = {"length of request": -hit.request}
    guess = pairs(groups, people, {g: lists(t) for g, t in groups.items()})
    return {"it": guess["length of request ~ left out"]}


def records_of_people(e):
    """{person: record of the ballot}: exact, from every generation."""
    who, out = hashes(e), {}
    for number, copies in e.generations.items():
        used, had = set(), set()
        for raw, changed in copies:
            marks, ballots = marks_and_ballots(raw)
            new = {h for h, (_, u) in marks.items() if u} - used
            for h in new:
                for key in set(ballots) - had:
                    out[who[h]] = key, ballots[key][1], len(raw), changed
            used |= new
            had = set(ballots)
    return out


def attack_s(e, groups):
    people, who, records = seen_by_mail(e), hashes(e), records_of_people(e)
    for person, (key, value, length, changed) in records.items():
        people[person].update({
            "length of box": length, "mtime of box": changed,
            "key of ballot": key, "seat": value[:24], "sealed": value[24:],
            "end of sealed": value[-16:], "length of record": len(value),
            "bits": sum(map(int.bit_count, value))})
    for number, raw in boxes(e.last, e.name).items():
        marks, ballots = marks_and_ballots(raw)
        place = {key: at for key, (at, _) in ballots.items()}
        for h, (at, _) in marks.items():
            people[who[h]]["place of link"] = at
        for person, (key, *_) in records.items():
            if key in place:
                people[person]["place of ballot"] = place[key]
    return pairs(groups, people, {g: lists(t) for g, t in groups.items()})


def windows(material):
    """Every 32 bytes in a row that might be a key."""
    seen = set()
    for raw in material:
        for piece in re.split(rb"\0{6,}|[\t\n\r -~]{24,}", raw):
            for i in range(len(piece) - 31):
                seen.add(piece[i:i + 32])
    return (w for w in seen if len(set(w)) > 20)


def search_keys(e, in_keys=False):
    """Tries all that S has as the key that opens the ballots."""
    public = public_key(e.nights[-1], e.name)
    material = [raw for state in (e.last, e.after)
                for path, raw in state.items()
                if path.startswith("keys/") == in_keys]
    material += [raw for path, raw in e.after.items()]
    tried = found = 0
    for w in windows(set(material)):
        tried += 1
        found += sodium.public_of(w) == public
    return tried, found


# ---------------------------------------------------------------------- R

def attack_r(e, groups, state=None):
    """Returns (pairs, direct finds): ballots opened with keys/ at rest."""
    state = state or e.last
    public, secret = public_key(state, e.name), \
        state[f"keys/ballot/{e.name}"]
    who, people = hashes(e), seen_by_mail(e)
    ballots, direct = {}, 0
    # units have numbers in the wave's tree, names in the order of the tree
    for number, raw in boxes(state, e.name).items():
        marks, sealed = marks_and_ballots(raw)
        for h, (at, _) in marks.items():
            people[who[h]].update({"place": at, "key": h})
        near = sorted(at for at, used in marks.values() if used)
        for key, (at, value) in sealed.items():
            unit, answers = opened(value, public, secret)
            ballots.setdefault((unit - 1, number), []).append({
                "place": at, "key": key, "seat": value[:24],
                "one-time key": value[24:56], "last bytes": value[-16:],
                "next link": min((abs(at - a), a) for a in near)[1],
                "answers": answers})
        direct += derived(e, marks, sealed, who)
    return pairs(groups, people, ballots), direct


def derived(e, marks, sealed, who):
    """Is any code, key or seat of a ballot made from a token?"""
    found = 0
    for h, (_, used) in marks.items():
        token = sodium.secret_of(e.links[who[h]])
        for secret in (token, h, h[:16], sodium.hashed(token, size=16),
                       sodium.hashed(token, b"code", 16)):
            found += sodium.hashed(secret) in sealed
            key = sodium.hashed(secret, b"seat")
            found += used and any(sodium.unlock(v[:24], key)
                                  for _, v in sealed.values())
    return found


def attack_copies(e, groups):
    """Copies of every night with keys/ in them: known to break it."""
    states, public = [], public_key(e.nights[0], e.name)
    secret = e.nights[0][f"keys/ballot/{e.name}"]
    for night in e.nights:
        used, ballots = set(), {}
        for number, raw in boxes(night, e.name).items():
            marks, sealed = marks_and_ballots(raw)
            used |= {h for h, (_, u) in marks.items() if u}
            for key, (_, value) in sealed.items():
                unit, answers = opened(value, public, secret)
                ballots[key] = (unit - 1, number), answers
        states.append((used, ballots))
    return {"it": differences(states, hashes(e), groups)}


def differences(states, who, groups):
    """What is new each night, matched by group: people with ballots."""
    guess, had_used, had = {}, set(), {}
    group_of = {p: g for g, members in groups.items() for p in members}
    for used, ballots in states:
        new = {}
        for key in sorted(set(ballots) - set(had)):
            group, answers = ballots[key]
            new.setdefault(group, []).append(answers)
        for h in sorted(used - had_used):
            some = new.get(group_of[who[h]])
            if some:
                guess[who[h]] = some.pop()
        had_used, had = used, ballots
    return guess


# ----------------------------------------------------- the naive stores

def naive_pairs(e, groups, marks, ballots):
    who, people = hashes(e), seen_by_mail(e)
    by_group, guess = {}, {}
    for h, (at, _) in marks.items():
        people[who[h]].update({"place": at, "key": h})
    for key, (at, unit, answers, owner) in ballots.items():
        by_group.setdefault((unit, 0), []).append(
            {"place": at, "key": key, "answers": answers})
        if owner is not None:
            guess[who[owner]] = answers
    out = pairs(groups, people, by_group)
    if guess:
        out["same row"] = guess
    return out


def carve(e, copy):
    """Deleted rows of either store, from the bytes of the files alone."""
    marks, ballots, known = {}, {}, hashes(e)
    for raw in copy.values():
        for m in re.finditer(rb"(?s)T(.{32})\0\0\0([\0-\x1f])([\0\1])"
                             rb"([\0-\5]{6})", raw):
            h, unit, used, answers = m.groups()
            if h not in known:
                continue
            marks[h] = m.start(), used[0]
            if used[0] and any(answers):
                ballots[h] = m.start(), unit[0], answers, h
        for m in re.finditer(rb"(?s)B(.{32})\0\0\0([\0-\x1f])"
                             rb"([\0-\5]{6})", raw):
            ballots[m.group(1)] = m.start(), m.group(2)[0], m.group(3), None
    return marks, ballots


def naive_nights(e, groups, which, store):
    states = []
    for night in e.naive_nights:
        marks, ballots = store.records(night[which])
        states.append(({h for h, (_, u) in marks.items() if u},
                       {k: ((b[1], 0), b[2]) for k, b in ballots.items()}))
    return {"it": differences(states, hashes(e), groups)}
