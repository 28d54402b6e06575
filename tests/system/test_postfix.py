"""Mail through a real Postfix: TLS, AUTH, a whole wave; M5, M10, M13, 7.1.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import time

import pytest

import relays
from mta import PASSWORD, Postfix
from relays import WAVE, everyone, recipients, through


PEOPLE = 120            # at ten a second: time enough to stop in between


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    yield from relays.site(tmp_path_factory, Postfix)


@pytest.fixture
def scene(site, make_org):
    yield from relays.scene(site, make_org)


def of(mails, mark):
    return [m for m in mails if mark in str(m["To"])]


class TestTransport(relays.Transport):
    """What holds for every server: relays.py."""


class TestReturns(relays.Returns):
    """And for what comes back."""


def test_a_whole_wave_arrives_once_each(site, make_org):
    """The end to end: 300 people, four connections, TLS and a password."""
    org = relays.organisation(make_org, 300, connections=4, name="whole")
    through(org, site, "smtps", word=PASSWORD)
    org.open(WAVE)
    began = len(site.mta.mails())
    org.mail()
    mine = of(site.mta.await_mails(began + 300), ".whole@")
    assert recipients(mine) == everyone(org)
    assert len({m["Message-ID"] for m in mine}) == 300
    for m in mine:
        assert "with ESMTPSA" in " ".join(m.get_all("Received"))
        assert "pulse-bounce+" in m["Return-Path"]
    status = org.program.ok("sensectl", "status")
    assert "mailed: 300" in status and "uncertain: 0" in status
    org.clock.forward(hours=3)
    org.mail()
    assert len(site.mta.mails()) == began + 300


def test_postfix_is_restarted_in_the_middle(site, make_org):
    """M13: nobody missed; what was in flight at most once more."""
    org = relays.organisation(make_org, PEOPLE, connections=3, name="again")
    through(org, site, "starttls", word=PASSWORD, per_minute=600)
    org.open(WAVE)
    began = len(site.mta.mails())
    p = org.program.start("sensed", "--once")
    site.mta.await_mails(began + 20)
    site.mta.stop()
    p.communicate(timeout=60)
    assert p.returncode == 0
    assert len(site.mta.mails()) - began < PEOPLE
    site.mta.start()
    through(org, site, "starttls", word=PASSWORD)
    for minutes in (45, 90):
        org.clock.forward(minutes=minutes)
        org.mail()
    end = time.monotonic() + 30
    while time.monotonic() < end:
        mine = of(site.mta.mails(), ".again@")
        if set(recipients(mine)) == set(everyone(org)):
            break
        time.sleep(0.1)
    count = recipients(mine)
    assert set(count) == set(everyone(org))
    assert sum(count.values()) - PEOPLE <= 3 and max(count.values()) <= 2
    ids = collections.defaultdict(set)
    for m in mine:
        ids[str(m["To"])].add(m["Message-ID"])
    assert all(len(x) == 1 for x in ids.values())
