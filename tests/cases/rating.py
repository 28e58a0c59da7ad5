"""A decided case and who deals with ratings, for the tests of ratings and their pages."""

from __future__ import annotations

import pytest

from shuniu.cases.api import handling, ratings, rectifying
from shuniu.cases.declare.rating import Level, RatedStage
from shuniu.cases.models import Rating
from shuniu.trust.declare import Actor
from tests.cases.filing import filed, officer
from tests.cast import Cast

TEXT = "经办人态度很差，让我跑了三趟。我是田野，电话 13812345678。"


@pytest.fixture
def minder(cast: Cast) -> Actor:
    """The rating officer: had no part in the case."""
    return officer(cast, "rating_officer", 904, "蒋文")


@pytest.fixture
def second(cast: Cast) -> Actor:
    return officer(cast, "rating_officer", 905, "贺新")


@pytest.fixture
def decided(cast: Cast, clerk: Actor, examiner: Actor, chief: Actor) -> str:
    """The number of a case of the citizen's that was granted."""
    number = filed(cast.citizen).number
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="场所、设备符合要求，建议准予。")
    handling.decide(actor=chief, number=number)
    return number


def bad(actor: Actor, number: str, text: str = TEXT, level: Level = Level.BAD) -> int:
    """The citizen rates the decision badly. Returns the rating."""
    ratings.rate(actor=actor, number=number, stage=RatedStage.DECIDE, level=level, text=text)
    return Rating.objects.latest("id").pk


def rectified(rating: int, chief: Actor, minder: Actor) -> None:
    rectifying.rectify(actor=chief, rating=rating, measures="已批评教育，增设首问负责制。")
    rectifying.call_back(actor=minder, rating=rating, accepted=True, said="已电话回访田野，表示认可。")
