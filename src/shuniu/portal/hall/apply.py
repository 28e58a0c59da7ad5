"""Applying: beginning, the task list, one page at a time (or all at once at the counter), the answers to check."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.cases.api import bundling, items
from shuniu.cases.api import drafts as api
from shuniu.cases.declare.draft import DraftState, DraftView, Saved
from shuniu.cases.declare.form import Page
from shuniu.directory.session import actor
from shuniu.portal.hall.apply_forms import Answering, Asking, answers_in
from shuniu.portal.hall.apply_parts import STANDINGS, answered, asked, crumbs, handler, page_href, seen
from shuniu.portal.shell import desk_page, href, own_page
from shuniu.trust.declare import Refused
from shuniu.web.declare import Column, Link, Row, State

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """One's open drafts, to go on with."""
    found = api.mine(actor=actor(request))
    columns = [Column(_("事项")), Column(_("申请人")), Column(_("保留到"), "day")]
    rows = [Row((one.title, one.applicant, one.expires), reverse("portal:draft", args=[one.id])) for one in found]
    return own_page(request, "apply/drafts", {"columns": columns, "rows": rows})


@never_cache
@_read_or_post
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Before the first question: what is asked, what is kept how long, and one's drafts of the same item."""
    it, who = items.published(key), actor(request)
    form = Asking(request.POST or request.GET or None) if it.item.asked_of else None
    valid = form is None or form.is_valid()
    agency = form.one.key if form is not None and form.one is not None else ""
    if request.method == "POST" and valid:
        return redirect("portal:draft", draft=api.start(actor=who, item=it.item, version=it.version, agency=agency))
    mine = [one for one in api.mine(actor=who) if one.item == key and one.version]
    status = 422 if request.method == "POST" else 200
    context = {"it": it.item, "mine": mine, "form": form}
    return render(request, "portal/hall/apply/begin.html.jinja", context, status=status)


@never_cache
@require_safe
def tasks(request: HttpRequest, draft: int) -> HttpResponse:
    """The task list: how each part stands, and where to go on."""
    found = api.view(actor=actor(request), draft=draft)
    named = found.acting is not None
    todo, done = STANDINGS["todo"], STANDINGS["done"]
    rows = [_task(_("以谁的名义办理"), done if named else todo, reverse("portal:draft_whom", args=[draft]))]
    if found.offers:
        answer = {None: State(_("可选"), "info"), True: State(_("已同意"), "done"), False: State(_("自己填写"), "done")}
        rows.append(_task(_("调取已有信息"), answer[found.consented], reverse("portal:draft_prefill", args=[draft])))
    rows += [_task(page.title, STANDINGS[found.standing(page)], page_href(found, page)) for page in found.pages]
    following = next((link.href for _title, state, link in rows if state.kind != "done"), "")
    context = {
        "it": found, "rows": rows, "following": following, "crumbs": crumbs(found)[:1], "open": found.state is DraftState.OPEN,
        "handler": handler(found),
        "counter": found.channel == api.COUNTER,
        "left": sum(found.standing(page) != "done" for page in found.pages) + (not named),
    }  # fmt: skip
    return render(request, "portal/hall/apply/tasks.html.jinja", context)


def _task(title: str, state: State, where: str) -> tuple[str, State, Link]:
    return title, state, Link(_("打开"), where)


@never_cache
@_read_or_post
def page(request: HttpRequest, draft: int, key: str) -> HttpResponse:
    """One page of the form. What is sound is saved; what is not is asked again, as it was typed."""
    found = api.view(actor=actor(request), draft=draft)
    here = _page(found, key)
    typed = answers_in(request.POST)
    said = _save(request, draft, [key], typed) if request.method == "POST" else None
    if isinstance(said, Saved) and (not said.faults or request.POST.get("act") == "later"):
        return redirect(_onward(request, said.view, here))
    found = said.view if isinstance(said, Saved) else found
    questions, closed = asked(found, here)
    form = Answering(questions, found.form, found.answers if said is None else typed)
    _blame(form, said)
    context = {"it": found, "page": here, "form": form, "closed": closed, "crumbs": crumbs(found)}
    return render(request, "portal/hall/apply/page.html.jinja", context, status=200 if said is None else 422)


def _page(found: DraftView, key: str) -> Page:
    """The page of that key, shown now or not: a page whose condition has gone has no question. Http404 for no page."""
    try:
        return found.form.form.page(key)
    except KeyError as error:
        raise Http404 from error


def _save(request: HttpRequest, draft: int, pages: list[str], typed: dict[str, str]) -> Saved | Refused:
    """What the save came to; a page that another window has saved is refused, and shown with what was typed."""
    try:
        return api.save_page(actor=actor(request), draft=draft, pages=pages, posted=typed, seen=seen(request))
    except Refused as refusal:
        if refusal.rule != "draft.changed":
            raise
        return refusal


def _blame(form: Answering, said: Saved | Refused | None) -> None:
    if isinstance(said, Saved):
        form.blame(said.faults)
    elif said is not None:
        form.add_error(None, str(said))


def _onward(request: HttpRequest, found: DraftView, here: Page) -> str:
    """Where a saved page leads: to the tasks, back to the answers, or to what comes next and is not done."""
    if request.POST.get("act") == "later":
        return reverse("portal:draft", args=[found.id])
    keys = [page.key for page in found.form.form.pages]
    left = [one for one in found.pages if found.standing(one) != "done"]
    after = [one for one in left if keys.index(one.key) > keys.index(here.key)]
    checking = request.GET.get("back") == "check"
    if after and not checking:
        return page_href(found, after[0])
    return reverse("portal:draft_check" if checking or not left else "portal:draft", args=[found.id])


@never_cache
@_read_or_post
def dense(request: HttpRequest, draft: int) -> HttpResponse:
    """The whole form on one page, for the counter: Enter saves and goes to the first answer that is missing or wrong."""
    found = api.view(actor=actor(request), draft=draft)
    typed = answers_in(request.POST)
    said = (
        _save(request, draft, [one.key for one in found.form.form.pages], typed) if request.method == "POST" else None
    )
    if isinstance(said, Saved):
        found = said.view
        if found.ready:
            return redirect("portal:draft_check", draft=draft)
    held = {**found.answers, **typed}
    parts = [(one, *asked(found, one)) for one in found.pages]
    form = Answering([question for _one, questions, _closed in parts for question in questions], found.form, held)
    _blame(form, said)
    _focus(form, found)
    context = {"it": found, "form": form, "parts_of": parts, "crumbs": crumbs(found), "named": found.acting is not None}
    return desk_page(request, "hall/apply/all", context, status=422 if form.errors else 200)


def _focus(form: Answering, found: DraftView) -> None:
    """The keyboard stands where the next answer is wanted."""
    wanted = [name for name in form.fields if form.has_error(name)]
    wanted += [f"q-{one.question}" for one in found.faults if f"q-{one.question}" in form.fields]
    for name in (wanted or list(form.fields))[:1]:
        form.fields[name].widget.attrs["autofocus"] = True


@never_cache
@require_safe
def check(request: HttpRequest, draft: int) -> HttpResponse:
    """All answers, each with the way to change it; and, once all is in order, the way to file them."""
    found = api.view(actor=actor(request), draft=draft)
    parts = [(one, answered(found, one)) for one in found.pages]
    left = [
        Link(one.title, page_href(found, one, checking=True)) for one in found.pages if found.standing(one) != "done"
    ]
    if found.acting is None:
        left.insert(0, Link(_("以谁的名义办理"), reverse("portal:draft_whom", args=[draft])))
    context = {
        "it": found,
        "parts_of": parts,
        "left": left,
        "crumbs": crumbs(found),
        "handler": handler(found),
        "file_href": reverse("portal:event_file", args=[draft])
        if bundling.is_bundle(draft)
        else href("portal:file_draft"),
    }
    return render(request, "portal/hall/apply/check.html.jinja", context)


@never_cache
@_read_or_post
def discard(request: HttpRequest, draft: int) -> HttpResponse:
    """Give a draft up, after being asked."""
    found = api.view(actor=actor(request), draft=draft)
    if request.method == "POST":
        api.discard(actor=actor(request), draft=draft)
        messages.success(request, _("草稿已删除，所填内容已清除。"))
        return redirect("portal:drafts")
    return render(request, "portal/hall/apply/discard.html.jinja", {"it": found, "crumbs": crumbs(found)})
