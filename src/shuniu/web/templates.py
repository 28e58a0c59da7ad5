"""The Jinja2 environment of every page: strict, escaped, translated, with the house's ways to write values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from jinja2 import Environment, StrictUndefined

from shuniu.base.periods import Term, Unit
from shuniu.web.icons import icon

NOTHING = "—"


@dataclass(frozen=True)
class Site:
    """What the shell says of the site itself; an instance overrides it by the mapping `SHUNIU_SITE` in the settings.

    The footer's fields are those that a government site must carry (国办发〔2017〕47号, 网页设计规范).
    """

    name: str = gettext_noop("枢纽")
    strap: str = gettext_noop("政务数据共享枢纽")
    search_url: str = "/search/"
    sign_in_url: str = "/sign-in/"
    sign_out_url: str = "/sign-out/"
    start_url: str = "/start/"
    sponsor: str = ""
    contact: str = ""
    site_code: str = ""
    icp: str = ""
    police: str = ""


def site() -> Site:
    """Return the site's own words. TypeError if the settings name a field that does not exist."""
    return Site(**getattr(settings, "SHUNIU_SITE", {}))


def is_demo() -> bool:
    """Tell whether this instance shows demo data, which every page then says."""
    return bool(getattr(settings, "SHUNIU_DEMO", False))


def write_date(value: date | None) -> str:
    """Write a day as YYYY-MM-DD; an aware datetime is the day that it is in Shanghai."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return value.strftime("%Y-%m-%d")


def write_datetime(value: datetime | None) -> str:
    """Write a time to the minute in Shanghai. ValueError if it has no time zone."""
    return NOTHING if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def write_number(value: int | float | Decimal | None, digits: int | None = None) -> str:
    """Write a number grouped by thousands, with `digits` places if given."""
    if value is None:
        return NOTHING
    return f"{value:,}" if digits is None else f"{value:,.{digits}f}"


def write_percent(part: int | float | Decimal | None, whole: int | None = None, digits: int = 1) -> str:
    """Write a share: of a ratio alone `98.2%`; of a part in a whole also the numbers, `98.2%（982/1,000）`.

    It never rounds to 0 or 100 what is not quite none or all.
    """
    if part is None or whole == 0:
        return NOTHING
    ratio = Decimal(str(part)) / (whole or 1)
    step = Decimal(1).scaleb(-digits)
    shown = (ratio * 100).quantize(step)
    if 0 < ratio < 1:
        shown = min(max(shown, step), 100 - step)
    said = {"share": f"{shown}%", "part": f"{part:,}", "whole": f"{whole or 0:,}"}
    return said["share"] if whole is None else _("%(share)s（%(part)s/%(whole)s）") % said


def write_term(term: Term) -> str:
    """Write a length of time as people read it in their language: 10 个工作日."""
    match term.unit:
        case Unit.WORKING_DAY:
            words = ngettext("%(n)s 个工作日", "%(n)s 个工作日", term.amount)
        case Unit.DAY:
            words = ngettext("%(n)s 日", "%(n)s 日", term.amount)
        case Unit.MONTH:
            words = ngettext("%(n)s 个月", "%(n)s 个月", term.amount)
        case Unit.YEAR:
            words = ngettext("%(n)s 年", "%(n)s 年", term.amount)
    return words % {"n": term.amount}


def write_value(value: object) -> str:
    """Write any plain value as tables do: days, times, grouped numbers, and a dash for nothing."""
    match value:
        case None | "":
            return NOTHING
        case datetime():
            return write_datetime(value)
        case date():
            return write_date(value)
        case bool():
            return _("是") if value else _("否")
        case int() | float() | Decimal():
            return write_number(value)
        case _:
            return str(value)


def url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a named page. NoReverseMatch if there is none."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def here(request: HttpRequest) -> str:
    """Where a switch of language or appearance leads back to: this page; or, as no link can send a form again, its form."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return request.headers.get("Referer") or "/"


def elder(request: HttpRequest) -> bool:
    """Tell whether the reader asked for the elder version (长辈版)."""
    return request.COOKIES.get("elder") == "1"


def dense(request: HttpRequest) -> bool:
    """Tell whether the reader asked for close-set tables (紧凑)."""
    return request.COOKIES.get("dense") == "1"


def words(text: object) -> str:
    """A word of a closed list (a state, a role, a cycle) in the reader's language; any other text as it is."""
    return translation.gettext(str(text))


def languages() -> list[tuple[str, str]]:
    """Code and own name of each language that the pages speak."""
    return list(settings.LANGUAGES)


def environment(**options: Any) -> Environment:
    """Build the environment for Django's Jinja2 backend, which passes the loader and its options."""
    fixed = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
    }
    env = Environment(**{**options, **fixed})  # noqa: S701 - autoescape stands in `fixed`
    # The i18n extension adds this method at run time; the stubs cannot know it.
    env.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.filters |= {
        "date": write_date,
        "datetime": write_datetime,
        "number": write_number,
        "percent": write_percent,
        "filesize": filesizeformat,
        "term": write_term,
        "value": write_value,
        "words": words,
    }
    env.globals |= {
        "static": staticfiles_storage.url,
        "url": url,
        "icon": icon,
        "site": site,
        "is_demo": is_demo,
        "here": here,
        "elder": elder,
        "dense": dense,
        "language": translation.get_language,
        "languages": languages,
        "messages": messages.get_messages,
    }
    return env
