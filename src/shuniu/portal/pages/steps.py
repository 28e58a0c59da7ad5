"""What pages of the desk share on which one thing is done at a time: a step with its form; an act by its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.http import Http404, HttpRequest

from shuniu.directory.session import actor
from shuniu.portal.shell import tried
from shuniu.trust.declare import Actor
from shuniu.web.forms import PlainForm


@dataclass(frozen=True)
class Step:
    """One thing that the reader may do now: its heading, form and button."""

    key: str
    title: str
    form: PlainForm
    button: str

    def __post_init__(self) -> None:
        self.form.auto_id = f"{self.key}_%s"  # several forms on one page ask for the same things


Form = TypeVar("Form", bound=PlainForm)
Done = TypeVar("Done", covariant=True)


class Doing(Protocol[Form, Done]):
    """An act: the form that it asks for, and the verb behind it."""

    @property
    def kind(self) -> type[Form]: ...

    @property
    def does(self) -> Callable[[Actor, str, Form], Done]: ...


def done(
    request: HttpRequest, number: str, acts: Mapping[str, Doing[Form, Done]], key: str
) -> tuple[Form, Done | None]:
    """Do the posted act in a case; what it gives, or None with its form, where what was typed stands beside the refusal."""
    one = acts.get(key)
    if one is None:
        raise Http404
    form = one.kind(request.POST, prefix=key)
    given = tried(form, lambda: one.does(actor(request), number, form)) if form.is_valid() else None
    return form, given
