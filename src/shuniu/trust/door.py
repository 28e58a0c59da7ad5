"""The one door: `@verb` opens the transaction, sees that a right was required and the act recorded, journals refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from django.db import transaction

from shuniu.trust import store
from shuniu.trust.declare import Act, Actor, Json, Refused, Unrecorded, Verb

P = ParamSpec("P")
R = TypeVar("R")

OVERSEE = "office.oversee"
"""The capability of the provincial office: what is checked against an agency passes for every agency."""

VERBS: dict[str, Verb] = {}
"""Every public verb of the platform by name; the enumerating test walks it."""


@dataclass
class _Open:
    actor: Actor
    verb: str
    title: str
    required: bool = False
    recorded: bool = False


_open: ContextVar[_Open | None] = ContextVar("shuniu_open_act", default=None)

_counting: ContextVar[Callable[[], bool] | None] = ContextVar("shuniu_counting_refusals", default=None)


@contextmanager
def counting_refusals(by_itself: Callable[[], bool]) -> Iterator[None]:
    """Where a caller has not proved who he is: `by_itself` counts a refusal and says whether it is journalled by itself.

    What it does not let be journalled its counter journals, all in one line.
    """
    token = _counting.set(by_itself)
    try:
        yield
    finally:
        _counting.reset(token)


def verb(
    name: str, title: str, *, reads: bool = False, entry_only: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a keyword-only function, `actor` first, a public verb called `name`.

    The name is also the capability: an actor without it is refused before the body runs. The body narrows that with
    `require`, acts, and says what it did with `record`; a body that ends without both raises `Unrecorded` and leaves
    nothing behind. A refusal is journalled in a transaction of its own, after the rollback.

    `entry_only` is for readings that are asked thousands of times a second and write nothing but their entry: its own
    statement commits it, which spares a transaction. Such a body records last, just before it answers.
    """

    def make(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def door(*args: P.args, **kwargs: P.kwargs) -> R:
            act, outer = _Open(cast(Actor, kwargs["actor"]), name, title), _open.get() is not None
            token = _open.set(act)
            try:
                with nullcontext() if entry_only else transaction.atomic():
                    _check_held(act, name)
                    result = function(*args, **kwargs)
                    _check_ended(act)
                    return result
            except Refused as refusal:
                if not outer and ((by_itself := _counting.get()) is None or by_itself()):
                    store.insert(_refusal(act, refusal))
                raise
            finally:
                _open.reset(token)

        _enlist(Verb(name, title, door, reads))
        return door

    return make


def _enlist(made: Verb) -> None:
    if made.name in VERBS:
        raise ValueError(f"two verbs are called {made.name}")
    VERBS[made.name] = made


def _check_ended(act: _Open) -> None:
    if not (act.required and act.recorded):
        raise Unrecorded(f"{act.verb} ended without " + ("record" if act.required else "require"))


def _refusal(act: _Open, refusal: Refused) -> Act:
    """What is journalled of a refusal: its rule, and the true one where the actor was told less (`require_or`)."""
    cause = refusal.__cause__
    because: dict[str, Json] = {"because": cause.rule} if isinstance(cause, Refused) else {}
    return Act(act.actor, act.verb, "refused", detail={**_on_behalf(act), "rule": refusal.rule, **because})


def _on_behalf(act: _Open) -> dict[str, Json]:
    """Whom the actor stood in for, where the right to this act came from that alone."""
    whose: list[Json] = [one.person for one in act.actor.instead if act.verb in one.capabilities]
    return {"instead_of": whose} if whose else {}


def _check_held(act: _Open, capability: str) -> None:
    if (refusal := denied(act.actor, capability, act.title)) is not None:
        raise refusal


def denied(
    actor: Actor, capability: str, title: str, *, agency: str | None = None, region: str | None = None
) -> Refused | None:
    """Why an actor may not use a capability for this agency and this region; None when he may.

    The one rule of every door: `require` raises what this gives, and the page that explains rights shows it.
    """
    if not actor.may(capability):
        return Refused(
            "right.missing",
            f"您没有“{title}”的权限。",
            "请登录有此权限的账号；需要开通时，联系本单位管理员在“账号与岗位”中授予。",
        )
    if agency is not None and actor.agency != agency and not actor.may(OVERSEE):
        return Refused("right.agency", f"“{title}”只能在本单位范围内进行。", "请由数据所属单位的人员办理。")
    if region is not None and not actor.reaches(region):
        return Refused("right.region", f"“{title}”超出您所辖的区划（{region}）。", "请由该区划的人员办理。")
    return None


def _current() -> _Open:
    act = _open.get()
    if act is None:
        raise Unrecorded("require and record belong inside a verb")
    return act


def require(*, capability: str | None = None, agency: str | None = None, region: str | None = None) -> None:
    """Refuse unless the actor holds `capability` (default: the verb's own) for this agency and this region.

    Raises `Refused` with rule right.missing, right.agency or right.region.
    """
    act = _current()
    refusal = denied(act.actor, capability or act.verb, act.title, agency=agency, region=region)
    if refusal is not None:
        raise refusal
    act.required = True


def require_or(unknown: Refused, *, agency: str | None = None, region: str | None = None) -> None:
    """`require` for a thing whose being there is told to nobody else: a stranger hears `unknown`, as where there is none.

    Of what is the own agency's, a region out of reach is named: its people may know of the thing. Who lacks the
    capability hears that at the door, before anything is looked up.
    """
    try:
        require(agency=agency, region=region)
    except Refused as why:
        if agency is not None and why.rule == "right.region":
            raise
        raise unknown from why


def record(
    target: str, *, subjects: Iterable[int] = (), outcome: str = "done", detail: dict[str, Json] | None = None
) -> int:
    """Write the journal entry of the open act: on what (`resource:k`, `submission:12`), whose data, and what of it.

    Identifiers of natural persons enter `detail` only as `keyed` values. Returns the entry's id.
    """
    act = _current()
    said = {**_on_behalf(act), **(detail or {})} if act.actor.instead else detail or {}
    entry = store.insert(Act(act.actor, act.verb, outcome, target, tuple(subjects), said))
    act.recorded = True
    return entry
