"""Mail through a real OpenSMTPD: TLS and AUTH; M5, M10, 7.1.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pytest

import relays
from mta import OpenSmtpd


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    yield from relays.site(tmp_path_factory, OpenSmtpd)


@pytest.fixture
def scene(site, make_org):
    yield from relays.scene(site, make_org)


class TestTransport(relays.Transport):
    """What holds for every server: relays.py."""


class TestReturns(relays.Returns):
    """And for what comes back."""
