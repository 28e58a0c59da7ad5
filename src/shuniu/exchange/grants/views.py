"""What pages and programs see of requests and agreements, made from their rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shuniu.exchange.grants.declare import Agreement, AgreementEvent, Basis, State, Terms
from shuniu.exchange.grants.models import Agreement as AgreementRow
from shuniu.exchange.grants.models import AgreementVersion, ShareRequest

Answer = Literal["whole", "masked", "refused"]
REQUEST_TITLES: dict[str, str] = {
    "asked": "待提供单位审核",
    "granted": "已同意",
    "partial": "部分同意",
    "refused": "不同意",
    "withdrawn": "已撤回",
}


@dataclass(frozen=True)
class ItemAnswer:
    """What is said to one item. A refusal carries facts, law with article, and what the asker can do now."""

    item: str
    answer: Answer
    facts: str = ""
    law: str = ""
    article: str = ""
    forward: str = ""


@dataclass(frozen=True)
class RequestView:
    """A request as its parties and the office see it."""

    number: int
    consumer: str
    resource: str
    version: int
    owner: str
    terms: Terms
    use: str
    person: str
    person_name: str
    asked_at: datetime
    case: int | None
    changes: int | None  # the agreement that it would change
    state: str
    decided_name: str
    decided_at: datetime | None
    reason: str
    answers: tuple[ItemAnswer, ...]

    @property
    def title(self) -> str:
        return REQUEST_TITLES[self.state]


@dataclass(frozen=True)
class VersionView:
    """One version of an agreement's terms."""

    number: int
    request: int
    terms: Terms
    masked: frozenset[str]
    granted_name: str
    made_at: datetime


@dataclass(frozen=True)
class DayUse:
    """What was used of an agreement on one day."""

    day: date
    calls: int
    rows: int


@dataclass(frozen=True)
class AgreementView:
    """An agreement with its history and use, as both sides and the office see it."""

    it: Agreement
    made_at: datetime
    versions: tuple[VersionView, ...]  # newest first
    events: tuple[AgreementEvent, ...]  # newest first
    use: tuple[DayUse, ...]  # newest first


@dataclass(frozen=True)
class Held:
    """An agreement in a list: when it was last used (None: never), and whether it lies unused by the dated rule."""

    it: Agreement
    made_at: datetime
    last_used: date | None
    unused: bool


def terms_of(row: ShareRequest | AgreementVersion) -> Terms:
    """The terms that a row holds."""
    return Terms(
        items=tuple(row.items),
        purposes=tuple(row.purposes),
        bases=tuple(Basis(law, article) for law, article in zip(row.laws, row.articles, strict=True)),
        regions=tuple(row.regions),
        rate=row.rate,
        quota_calls=row.quota_calls,
        quota_rows=row.quota_rows,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def columns_of(terms: Terms) -> dict[str, object]:
    """Terms as a row's columns."""
    return {
        "items": list(terms.items),
        "purposes": list(terms.purposes),
        "laws": [basis.law for basis in terms.bases],
        "articles": [basis.article for basis in terms.bases],
        "regions": list(terms.regions),
        "rate": terms.rate,
        "quota_calls": terms.quota_calls,
        "quota_rows": terms.quota_rows,
        "valid_from": terms.valid_from,
        "valid_until": terms.valid_until,
    }


def request_view(row: ShareRequest) -> RequestView:
    """A request with its answers, which the caller may have fetched beforehand."""
    return RequestView(
        number=row.pk,
        consumer=row.consumer,
        resource=row.resource,
        version=row.version,
        owner=row.owner,
        terms=terms_of(row),
        use=row.use,
        person=row.person,
        person_name=row.person_name,
        asked_at=row.asked_at,
        case=row.case,
        changes=row.agreement_id,
        state=row.state,
        decided_name=row.decided_name,
        decided_at=row.decided_at,
        reason=row.reason,
        answers=tuple(
            ItemAnswer(one.item, one.answer, one.facts, one.law, one.article, one.forward)  # type: ignore[arg-type]  # checked by the database
            for one in row.answers.all()
        ),
    )


def agreement_noun(row: AgreementRow, version: AgreementVersion) -> Agreement:
    """An agreement in the version given."""
    return Agreement(
        number=row.pk,
        version=version.number,
        consumer=row.consumer,
        resource=row.resource,
        owner=row.owner,
        terms=terms_of(version),
        masked=frozenset(version.masked),
        granted_by=version.granted_by,
        state=State(row.state),
    )


def version_views(rows: Iterable[AgreementVersion]) -> tuple[VersionView, ...]:
    """Versions in the order given."""
    return tuple(
        VersionView(row.number, row.request_id, terms_of(row), frozenset(row.masked), row.granted_name, row.made_at)
        for row in rows
    )
