"""Who handles cases, what an item asks for, and what a page offers, for the tests of the pages of cases."""

from __future__ import annotations

import re
from typing import Protocol

import pytest

from shuniu.cases.api import filing
from shuniu.cases.declare import ByUpload, Material
from shuniu.trust.declare import Actor
from tests.cases.filing import drafted
from tests.cast import Cast, newcomer

PLAN = Material(key="plan", title="平面图", satisfied_by=(ByUpload(),))
TAX = Material(key="tax", title="完税证明", satisfied_by=(ByUpload(),), promise=True)
LEASE = Material(key="lease", title="租约", satisfied_by=(ByUpload(),), later=True)


class Answer(Protocol):
    """What the test client gives back, as far as it is read here."""

    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return answer.content.decode()


def officer(role: str, login: str, name: str, agency: str = "43.market") -> Actor:
    """An officer with an account, who holds one role."""
    return newcomer(agency, role, login=login, name=name)


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    return officer("case_clerk", "mali", "马丽")


@pytest.fixture
def examiner(cast: Cast) -> Actor:
    return officer("case_examiner", "pengtao", "彭涛")


@pytest.fixture
def chief(cast: Cast) -> Actor:
    return officer("case_decider", "zengzhi", "曾志")


def filed(actor: Actor) -> str:
    return filing.file(actor=actor, draft=drafted(actor)).number


def seat(page: str, key: str) -> str:
    """The seat that the form of an act holds."""
    found = re.search(rf'name="{key}-seat" value="(\d+)"', page)
    assert found is not None, f"the page offers no {key}"
    return found[1]


def offered(page: str) -> set[str]:
    """What is offered in front, in the reader's seat."""
    return set(re.findall(r'name="(\w+)-seat"', page.partition('<details class="more"')[0]))


def behind(page: str) -> set[str]:
    """What is offered behind 更多办理方式."""
    return set(re.findall(r'/act/(\w+)/"', page.partition('<details class="more"')[2]))
