"""3,000 people in a random tree of 300 units, a whole cycle; last, for it is
the longest.  Issue 2, "shown by".

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json

import scorer
import trees
from people import answer_all, assign

WAVE = "staff-2026q4"


def test_three_thousand_people(make_org, post, serve, mode):
    rng = trees.rng_of("big")
    rows = trees.random_rows(rng, 300, 3000)
    ballots = trees.random_ballots(rng, rows)
    org = make_org(connections=8)
    org.add_tree(rows)
    org.import_now()
    serve(org, mode)
    org.open(WAVE)
    org.mail()
    mails = post.take()
    assert len(mails) == len({m.to[0] for m in mails}) == 3000
    answer_all(org.base, mails, assign(org, ballots), threads=6)
    org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    expected = org.expected(ballots)
    assert len(expected.published) > 60
    text = org.program.ok("sensectl", "export", WAVE)
    assert text == expected.export_csv(WAVE)
    units = json.loads(org.program.ok("sensectl", "export", WAVE, "--format",
                                      "json"))["units"]
    assert scorer.publication_safe(units, org.k)
    post.take()
    org.program.ok("sensed-digest", "--send-only")
    digests = post.take()
    assert len(digests) == len({m.to[0] for m in digests}) == 300
