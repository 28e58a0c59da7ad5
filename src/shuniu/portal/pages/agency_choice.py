"""Choosing agencies of many: by level, those of counties by their city, with a search that needs no script."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.translation import gettext as _

from shuniu.directory import api as directory
from shuniu.directory.declare import Agency

FIND, SAVE = "find-", "save"
"""How the search box of a field is called: this, and the field's name; its button `find`; and the button that is no search."""


@dataclass(frozen=True)
class Group:
    """Agencies of one level that are offered together; `open` where a search led to them."""

    title: str
    keys: frozenset[str]
    open: bool = False


class AgencyField(forms.ChoiceField):
    """One agency. Drawn by the macro `agencies`: what is chosen first, the others in groups that open."""

    widget = forms.RadioSelect
    groups: tuple[Group, ...] = ()
    found = ""

    def offer(
        self,
        name: str,
        data: Mapping[str, str] | None,
        *,
        without: Collection[str] = (),
        stood: date | None = None,
    ) -> None:
        """Offer every agency that stands, or stood on a day, but these; `data`: what was sent, with what is searched for."""
        past = directory.agencies(on=stood) if stood else ()
        known = {one.key: one for one in (*directory.agencies(), *past)}
        every = [one for one in known.values() if one.key not in without]
        self.choices = [(one.key, one.name) for one in every]
        self.found = data.get(f"{FIND}{name}", "").strip() if data is not None else ""
        shown = [one for one in every if self.found in one.name or self.found in one.short]
        self.groups = _groups(shown, open=bool(self.found))


class AgenciesField(AgencyField, forms.MultipleChoiceField):
    """Several agencies; as one is."""

    widget = forms.CheckboxSelectMultiple


def _groups(agencies: list[Agency], *, open: bool) -> tuple[Group, ...]:
    places = directory.region_names(level=2)
    found: dict[str, set[str]] = {}
    for one in agencies:
        city = places.get(f"{one.region[:4]}00", one.region)
        title = {1: _("省直单位"), 2: _("市州单位")}.get(one.level, _("县区单位：%(city)s") % {"city": city})
        found.setdefault(title, set()).add(one.key)
    return tuple(Group(title, frozenset(keys), open) for title, keys in found.items())


def searched(form: forms.Form) -> bool:
    """Whether the form was posted to search among agencies alone, by a button or by Enter in a box: then nothing in it is
    wrong yet."""
    boxes = any(text for name, text in form.data.items() if name.startswith(FIND))
    if not form.is_bound or not ("find" in form.data or (boxes and SAVE not in form.data)):
        return False
    form.errors.clear()
    return True
