"""The gateway's verbs: answering a department's machine; what proves an answer; how connections do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache

from django.db import IntegrityError
from django.utils import timezone
from psycopg.rows import TupleRow

from shuniu.directory.api import counted, machines
from shuniu.exchange.gateway import answers, authentic, live
from shuniu.exchange.gateway.declare import CALL, Answered, Asked
from shuniu.exchange.gateway.gathering import Gathered, gather
from shuniu.exchange.gateway.interfaces import believed
from shuniu.exchange.gateway.kept import Kept, unpacked
from shuniu.exchange.gateway.proving import proof_of
from shuniu.exchange.gateway.rules import Later, limits
from shuniu.exchange.gateway.store import calls as store
from shuniu.exchange.gateway.store import interfaces
from shuniu.exchange.grants import policy, purposes
from shuniu.exchange.grants.declare import Found, Standing
from shuniu.trust.api import record, require, verb
from shuniu.trust.beside import record_with
from shuniu.trust.certificates.api import check_held, node
from shuniu.trust.declare import Actor, Json, Refused
from shuniu.trust.suites import Signer, suite


def answer(asked: Asked | Refused, origin: str) -> Answered:
    """Answer a question, or journal why not: one by one, or counted by the caller's network address. Raises Refused."""
    if isinstance(asked, Refused):
        nobody = machines.machine("system:gateway", "未验明身份的请求", "")
        with counted(CALL, origin):
            return query(actor=nobody, asked=asked, gathered=None)
    begun = time.perf_counter()
    try:
        gathered = gather(asked)
        actor = machines.machine(asked.held.holder, asked.held.name, asked.held.agency, gathered.officer)
        return query(actor=actor, asked=asked, gathered=gathered, begun=begun)
    except Refused as refusal:
        store.count_failure(asked.resource, asked.held.agency, int(time.time()) // 60, refusal.rule)
        raise


@verb(CALL, "跨部门查询", reads=True, entry_only=True)
def query(*, actor: Actor, asked: Asked | Refused, gathered: Gathered | None, begun: float = 0.0) -> Answered:
    """Answer a question from what was gathered for it, as far as the agreement allows; refusals are journalled.

    Raises Refused message.*, trust.*, gateway.*, grant.*, share.*; what is not there and what is not shown look alike.
    """
    require()
    if isinstance(asked, Refused):
        raise asked
    if gathered is None:
        raise TypeError("a question comes with what it is decided by")
    sight = _decide(actor, asked, gathered)
    signer = signer_of(asked.suite.key)
    rows = gathered.rows
    if gathered.live is not None:
        _take_nonce(asked)  # a replay must not reach the provider, nor may two at once
        rows = _whole(asked, _live_rows(gathered, sight, _told(asked, gathered, sight, signer, gathered.live)))
    if gathered.earlier is not None:
        return _again(asked, gathered, sight, rows, gathered.earlier)
    now = int(time.time())
    made = answers.make(asked, sight, gathered.published.version, rows, gathered.number, signer, now)
    _keep(asked, gathered, sight, made, now, begun)
    return Answered(gathered.number, made.body, made.headers, made.rows)


def _decide(actor: Actor, asked: Asked, gathered: Gathered) -> answers.Sight:
    """The first rule that says no, or what may be seen."""
    held = authentic.standing(asked, gathered.stamp)
    check_held(held, at=timezone.now(), agency=asked.held.agency)
    if asked.officer is not None and gathered.officer is None:
        raise Refused("gateway.officer", "写明的查询人员不是本单位有此权限的人员。", "请核对人员编号和岗位。")
    title = purposes.purpose_title(asked.purpose.key, asked.day)
    resource = gathered.published.resource
    _quota(gathered.found)
    agreement = policy.usable(gathered.found, resource, purpose=title, person=actor.person)
    if gathered.calls >= agreement.terms.rate:
        wait = 60 - int(time.time()) % 60
        raise Later(
            "gateway.rate", f"每分钟最多 {agreement.terms.rate} 次，本分钟已用完。", f"请 {wait} 秒后再试。", wait
        )
    sight = gathered.sight or answers.sight_of(resource, agreement, asked.items)
    _whole(asked, gathered.rows)
    _matter(asked, gathered)
    return sight


def _whole(asked: Asked, rows: Sequence[TupleRow]) -> Sequence[TupleRow]:
    """The rows, if they are all that there are: one that was cut would say of somebody that nothing is held."""
    if len(rows) > limits(asked.day).rows:
        raise Refused("gateway.batch", "一次查询得到的内容过多，没有提供数据。", "请减少主体，分批查询。")
    return rows


def _told(asked: Asked, gathered: Gathered, sight: answers.Sight, signer: Signer, interface: int) -> live.Told:
    """What the provider's live interface answers. Nothing is open meanwhile: neither transaction nor lock."""
    terms, names = sight.agreement.terms, list(sight.items)
    region = gathered.published.resource.by_region
    if region and region not in names:
        names.append(region)
    asks = interfaces.interface(interface)
    keys = believed(asks, gathered.published.resource.agency, gathered.stamp)
    return live.ask(asks, keys, asked, names, terms.regions, gathered.number, signer, limits(asked.day))


def _live_rows(gathered: Gathered, sight: answers.Sight, told: live.Told) -> list[TupleRow]:
    """The provider's rows in the form of stored ones: those of granted regions alone, whatever it sent."""
    roots = {row[0]: row[1] for row in gathered.rows}
    resource, width = gathered.published.resource, len(sight.items)
    names = [*sight.items, *([] if resource.by_region in sight.items else [resource.by_region])]
    at = names.index(resource.by_region) if resource.by_region else -1
    found: list[TupleRow] = [(place, root, None, False) for place, root in roots.items()]
    for number, (place, cells) in enumerate(told, start=1):
        if at < 0 or policy.region_granted(sight.agreement, resource, cells[at] or ""):
            found.append((place, roots.get(place, 0), number, False, *cells[:width]))
    return found


def _quota(found: Found) -> None:
    if found.standing in (Standing.QUOTA_CALLS, Standing.QUOTA_ROWS):
        now = timezone.localtime()
        left = 86_400 - (now.hour * 3600 + now.minute * 60 + now.second)
        raise Later("grant.quota", "共享协议今天的用量已用完。", "明天 0 时起可以继续；经常不够的，请申请变更。", left)


def _matter(asked: Asked, gathered: Gathered) -> None:
    """A matter must run, be in the asking agency's hands, and concern whom it is asked about; which fails is not said."""
    roots = {row[0]: row[1] for row in gathered.rows}
    places = range(1, len(asked.identifiers) + 1)
    if not gathered.runs or (gathered.about is not None and any(roots.get(one) != gathered.about for one in places)):
        raise Refused(
            "gateway.purpose",
            "写明的办件不能作为本次查询的用途。",
            "办件应正由本单位办理，并与所查主体有关；请核对编号。",
        )


def _take_nonce(asked: Asked) -> None:
    try:
        store.take_nonce(asked.held.number, asked.created, asked.nonce)
    except IntegrityError as error:
        raise replayed() from error


def replayed() -> Refused:
    return Refused("gateway.replay", "这个请求已经收到过。", "每次查询请用新的 nonce 重新签名；重试请带同一幂等键。")


@lru_cache(maxsize=8)
def _signer_of(key: str, minute: int) -> Signer:
    return suite(key).signer(node(key).private)


def signer_of(key: str) -> Signer:
    """The platform's key of a suite; looked for anew every minute, so that a renewed one is taken up."""
    return _signer_of(key, int(time.time()) // 60)


def _keep(
    asked: Asked,
    gathered: Gathered,
    sight: answers.Sight,
    made: answers.Made,
    now: int,
    begun: float,
) -> None:
    """Write the entry with what proves it, in one statement. Raises Refused where the grant or the key has ended meanwhile."""
    agreement, minute = sight.agreement, now // 60
    held, signer = asked.held, signer_of(asked.suite.key)
    detail: dict[str, Json] = {"purpose": asked.message.headers["shuniu-purpose"]}
    if asked.items:
        detail["items"] = list(asked.items)
    if asked.token:
        detail["token"] = asked.token
    if gathered.live is not None:
        detail["live"] = gathered.live
    taken = int(1000 * (time.perf_counter() - begun))
    proof = Kept(
        made.root, asked.nonce, held.number, agreement.number, asked.created, agreement.version,
        store.context(asked.message.authority.lower(), signer.key_id), now - asked.said.created,
        made.fields, asked.digest, made.digest,
        answers.packed(asked.suite, asked.said.signature), answers.packed(asked.suite, made.signature),
    )  # fmt: skip
    after: list[object] = [
        store.slot(asked.created), held.number, asked.created, asked.nonce, gathered.live is None,
        agreement.number, asked.day, made.rows,
        asked.resource, held.agency, minute, 1, 0, made.rows, len(made.body), taken, taken,
    ]  # fmt: skip
    if asked.token:
        after += [held.number, asked.token, asked.whole]
    try:
        kept = record_with(
            store.KEEP_ONCE if asked.token else store.KEEP, f"resource:{asked.resource}", number=gathered.number,
            subjects=made.subjects, detail=detail, proof=proof.packed(),
            before=[agreement.number, agreement.version, gathered.stamp], after=after,
        )  # fmt: skip
    except IntegrityError as error:
        raise replayed() from error
    if not kept:
        raise Refused("grant.ended", "共享协议或证书在回答之前有了变更，没有提供数据。", "请重新查询。")


def _again(
    asked: Asked, gathered: Gathered, sight: answers.Sight, rows: Sequence[TupleRow], earlier: TupleRow
) -> Answered:
    """The same request once more: the same answer under the same number, signed anew; counted, but no second reading."""
    proof, digest, number = earlier
    if bytes(digest) != asked.whole:
        raise Refused("gateway.once", "这个幂等键已用于另一次查询。", "新的查询请换一个幂等键。")
    signer, now = signer_of(asked.suite.key), int(time.time())
    made = answers.make(asked, sight, gathered.published.version, rows, int(number), signer, now)
    if made.digest != unpacked(bytes(proof)).answered:
        raise Refused("gateway.changed", "上次查询以来数据或协议已有变更。", "请用新的幂等键重新查询，得到现在的内容。")
    if gathered.live is None:
        _take_nonce(asked)
    agreement = sight.agreement.number
    store.count_again(agreement, asked.day, asked.resource, asked.held.agency, now // 60, made.rows, len(made.body))
    record(f"call:{number}", detail={"again": asked.token})
    return Answered(int(number), made.body, made.headers, made.rows, repeated=True)


__all__ = ["Gathered", "answer", "gather", "proof_of", "query", "replayed", "signer_of"]
