"""Who must not learn that there is a thing: strangers of what is another's; some officers, of what engines above say."""

from __future__ import annotations

from collections.abc import Callable

from shuniu.trust.declare import Actor

_HIDDEN: dict[str, Callable[[Actor, str], bool]] = {}


def hide(kind: str, hidden: Callable[[Actor, str], bool]) -> None:
    """Make known who must not learn of cases about this kind of object (the first word of it: "letter").

    Raises ValueError where the kind has another answer already.
    """
    if _HIDDEN.setdefault(kind, hidden) != hidden:
        raise ValueError(f"“{kind}”的事项对谁保密，登记了两种说法")


def kinds() -> tuple[str, ...]:
    """The kinds of object that somebody may not learn of."""
    return tuple(_HIDDEN)


def is_hidden(actor: Actor, object: str) -> bool:
    """Whether this actor must not learn that there is a case about this."""
    hidden = _HIDDEN.get(object.partition(":")[0])
    return hidden is not None and hidden(actor, object)
