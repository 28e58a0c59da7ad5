"""The catalogue as an agency may use it: a page of resources with how each stands to it, from one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from django.utils import timezone

from shuniu.base.titled import Titled
from shuniu.catalogue.api.shelf import PUBLISHED
from shuniu.catalogue.declare import ShareType
from shuniu.trust.api import fetch_prepared, record, require, verb
from shuniu.trust.declare import Actor


class Offered(Titled):
    """How a resource stands to an agency today."""

    OWN = "own", "本单位的"
    GRANTED = "granted", "已有协议"
    FREE = "free", "无条件共享，申请即得"
    CONDITIONAL = "conditional", "有条件共享，可申请"
    CLOSED = "closed", "不予共享"


SIZE = 50
"""Resources of a page."""


@dataclass(frozen=True)
class Offer:
    """One resource, how it stands, and the agreement in force where there is one."""

    resource: str
    title: str
    owner: str
    share: ShareType
    standing: Offered
    agreement: int | None


_AGREED = """
  select a.id from exchange_agreement a join exchange_agreement_version v
    on v.agreement_id = a.id and v.number = a.version
  where a.consumer = asked.consumer and a.resource = {key} and a.state = 'in_force'
    and asked.today between v.valid_from and v.valid_until
"""
_STANDING = """
  case when c.agency = asked.consumer then 'own' when {agreed} is not null then 'granted'
    when c.share = '1' then 'free' when c.share = '2' then 'conditional' else 'closed' end
"""
_ASKED = "(select %s::text as consumer, %s::date as today, %s::text as after) asked"
_FILTERS: dict[str, LiteralString] = {
    "": "true",
    "usable": "(c.agency = asked.consumer or c.share = '1' or agreed.id is not null)",
    "ask": "(c.agency <> asked.consumer and c.share not in ('1', '3') and coalesce(agreed.id < 1, true))",
}
"""What of the catalogue is shown. The last is worded so that the planner, who keeps no figures of what stands in a
declaration or a lateral join, takes it for common, as it is, and goes by key until the page is full."""


def _page(condition: str) -> bytes:
    """By key from behind the last one: however many resources there are, only this page's and those passed are read."""
    agreed = _AGREED.format(key="c.key")
    standing = _STANDING.format(agreed="agreed.id")
    return f"""
select c.key, c.title, c.agency, c.share, {standing}, agreed.id
from {_ASKED} cross join lateral {PUBLISHED.text} c
left join lateral ({agreed} order by a.id desc limit 1) agreed on true
where c.key > asked.after and {condition}
order by c.key limit {SIZE}
""".encode()  # noqa: S608 - made of constants alone


def _granted() -> bytes:
    """Those under an agreement begin with the agreements: of many resources an agency has few."""
    standing = _STANDING.format(agreed="a.id")
    return f"""
select distinct on (c.key) c.key, c.title, c.agency, c.share, {standing}, a.id
from {_ASKED} join exchange_agreement a on a.consumer = asked.consumer and a.state = 'in_force'
  and a.resource > asked.after
join exchange_agreement_version v on v.agreement_id = a.id and v.number = a.version
  and asked.today between v.valid_from and v.valid_until
join {PUBLISHED.text} c on c.key = a.resource
order by c.key, a.id desc limit {SIZE}
""".encode()  # noqa: S608 - made of constants alone


STATEMENTS = {**{show: _page(condition) for show, condition in _FILTERS.items()}, "granted": _granted()}
"""By what is shown. Values: consumer agency, the day, the key behind which the page begins.

The size is in the text: a plan made for all values alike must know that it will stop early."""


@verb("exchange.list_offers", "查看可用的资源", reads=True, entry_only=True)
def offers(*, actor: Actor, show: str = "", after: str = "") -> list[Offer]:
    """A page of the catalogue as the own agency may use it, by key behind `after`.

    `show`: "" everything, "granted" under an agreement, "usable" that or its own or shared freely, "ask" what may be
    asked for. KeyError for another word.
    """
    require(agency=actor.agency)
    values = (actor.agency, timezone.localdate(), after)
    rows = fetch_prepared(STATEMENTS[show], values)
    record("catalogue", detail={"show": show, "rows": len(rows)})
    return [
        Offer(key, title, owner, ShareType(share), Offered(standing), agreement)
        for key, title, owner, share, standing, agreement in rows
    ]
