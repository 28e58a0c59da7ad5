"""好差评: an applicant rates a stage of a case; what everybody sees of ratings; what the rated agency sees of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils import timezone

from shuniu.cases.api import rating_views as views
from shuniu.cases.api import rectification
from shuniu.cases.api.items import version
from shuniu.cases.api.views import title_of
from shuniu.cases.api.whose import is_own
from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.rating import Level, OwnRating, RatedStage, RatingCount, RatingView
from shuniu.cases.models import Case, Rating, Rectification
from shuniu.cases.rules import ratings as rules
from shuniu.cases.store import cases as case_store
from shuniu.cases.store import ratings as store
from shuniu.cases.store import successions
from shuniu.cases.store.cases import subjects
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Refused

PAGE = 50


@verb("cases.rate", "评价办件")
def rate(
    *, actor: Actor, number: str, stage: RatedStage, level: int, parts: Mapping[str, int] | None = None, text: str = ""
) -> OwnRating:
    """Say how a stage of one's own case went; saying it again is a correction, a further version.

    A bad rating of 受理 or 决定 opens a rectification. Raises Refused: case.unknown (also for another's), rating.early,
    rating.level, rating.parts, rating.text.
    """
    require()
    case = _rated_by(actor, case_store.locked(number))
    last = given(case, stage, level, parts or {}, text, actor.person)
    record(f"case:{number}", subjects=subjects(case), detail={"stage": stage, "version": last.version})
    return _own(case, stage, last, store.rectifications(case.pk))


def given(case: Case, stage: RatedStage, level: int, parts: Mapping[str, int], text: str, by: str) -> Rating:
    """Write a rating of a locked case inside the open verb, which has found who may rate. Raises as `rate` does."""
    said = rules.check(level, parts, text, rules.indicators(case.channel))
    done = _ended(case, stage)
    last = store.last(case.pk, stage)
    if last is None or (last.level, last.parts, last.text) != (said.level, said.parts, said.text):
        last = Rating.objects.create(
            case=case, stage=stage, version=last.version + 1 if last else 1, item=case.item, agency=case.agency,
            region=case.region, level=said.level, parts=said.parts, text=said.text, by=by, at=timezone.now(),
        )  # fmt: skip
        if said.level.bad and stage.rectified is None and not _running(done, stage):
            rectification.open_for(last, title_of(case), stage.title, said.level.title)
    return last


def _ended(case: Case, stage: RatedStage) -> list[Rectification]:
    """The rectifications of a case of which that stage can be rated. Raises Refused rating.early."""
    done = store.rectifications(case.pk)
    if stage not in _rateable(case, done):
        raise Refused("rating.early", f"“{stage.title}”还没有办结，不能评价。", "请在该环节办结后评价。")
    return done


def rateable(case: Case) -> tuple[RatedStage, ...]:
    """The stages of a case that can be rated now."""
    return _rateable(case, store.rectifications(case.pk))


def to_rate(case: Case, stage: RatedStage) -> OwnRating:
    """A stage to be rated by a link: without what was said of it before. Raises Refused rating.early."""
    return _own(case, stage, None, _ended(case, stage))


def _rated_by(actor: Actor, case: Case) -> Case:
    """The case, if the actor may rate it. An officer who filed it at the counter is not whom it was done for."""
    if actor.person.startswith("officer:") or not is_own(actor, case, "file"):
        raise case_store.unknown(case.number)
    return case


def _rateable(case: Case, done: list[Rectification]) -> tuple[RatedStage, ...]:
    ended = {RatedStage(one.rating.stage) for one in done if one.done_at}
    return rules.rateable(CaseState(case.state), accepted=case.accepted_at is not None, rectified=ended)


def _running(done: list[Rectification], stage: RatedStage) -> bool:
    matters = procedures.case_views([one.matter for one in done if one.rating.stage == stage])
    return any(not matter.outcome for matter in matters.values())


def _own(case: Case, stage: RatedStage, last: Rating | None, done: list[Rectification]) -> OwnRating:
    measures = next((one.measures for one in done if one.rating.stage == stage.rectified and one.done_at), "")
    blank = OwnRating(
        case.number, title_of(case), directory.agency_name(case.agency), stage, rules.indicators(case.channel),
        measures=measures,
    )  # fmt: skip
    if last is None:
        return blank
    return replace(blank, level=Level(last.level), parts=last.parts, text=last.text, version=last.version)


@verb("cases.read_own_ratings", "查看我的评价", reads=True)
def own_ratings(*, actor: Actor, number: str) -> tuple[OwnRating, ...]:
    """Each stage of one's own case that can be rated, with what was said last. Raises Refused case.unknown."""
    require()
    case = Case.objects.filter(number=number).first()
    if case is None:
        raise case_store.unknown(number)
    done = store.rectifications(_rated_by(actor, case).pk)
    found = tuple(_own(case, stage, store.last(case.pk, stage), done) for stage in _rateable(case, done))
    record(f"case:{number}", subjects=subjects(case), detail={"stages": len(found)})
    return found


def figures(agency: str = "") -> tuple[RatingCount, ...]:
    """How each item was rated, of one agency or of all. Public: nothing in it is anybody's."""
    names = directory.agency_names()
    return tuple(
        RatingCount(
            one.agency, names.get(one.agency, one.agency), one.item, version(one.item, one.latest).item.title,
            one.counts, one.aside,
        )
        for one in store.counted(agency)
    )  # fmt: skip


def behind(agency: str = "", item: str = "", level: Level | None = None, *, aside: bool = False) -> list[RatingView]:
    """The ratings behind one of those numbers, without anything that would tell who gave them. Public."""
    return list(views.seen(list(store.narrowed(agency, item, level, aside))))


@verb("cases.list_ratings", "查看本单位收到的评价", reads=True)
def list_ratings(*, actor: Actor, bad: bool = False, before: int = 0, most: int = PAGE) -> tuple[RatingView, ...]:
    """The ratings of the actor's agency (oversight: of all) within reach, the newest first, `most` of them behind `before`.

    Of each its newest version; `bad`: those that led to a rectification.
    """
    require()
    rows = store.newest().filter(case_store.within(actor))
    if not actor.may(OVERSEE):
        rows = rows.filter(agency__in=successions.estate(actor.agency))
    if bad:
        rows = rows.filter(rectification__isnull=False)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[:most])
    record(f"agency:{actor.agency}", detail={"ratings": len(found)})
    return views.seen(found, actor)


@verb("cases.read_rating", "查看评价", reads=True)
def read_rating(*, actor: Actor, rating: int) -> RatingView:
    """One rating, for its agency's officers and for oversight; never who gave it. Raises Refused rating.unknown, right.*."""
    require()
    row = Rating.objects.select_related("case", "aside", "look", "rectification").filter(pk=rating).first()
    if row is None or not (actor.may(OVERSEE) or successions.keeper(row.agency) == actor.agency):
        raise store.unknown()
    require(region=row.region)
    record(f"rating:{rating}")
    return views.seen([row], actor)[0]
