"""Filing a draft: the materials that the item needs, each with what satisfies it, and handing one in later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.cases.api import drafts, filing, items, uploads
from shuniu.cases.api import materials as api
from shuniu.cases.declare.case import CaseView
from shuniu.cases.declare.draft import Acting, DraftState, DraftView, Ground
from shuniu.cases.declare.material import ByFact, ByLicence, ByUpload, HandedIn, How, Material, Planned, UploadView
from shuniu.cases.declare.service import ServiceItem
from shuniu.directory.session import actor
from shuniu.portal.hall.apply_parts import crumbs
from shuniu.portal.hall.beside import FILE, Wrong, carried, choosing, complain, searching, taking, usable, with_files
from shuniu.portal.hall.crowd import when_room
from shuniu.portal.hall.guide import source
from shuniu.portal.shell import number, tried
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Link, State, StateKind
from shuniu.web.forms import PlainForm

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


class Choosing(PlainForm):
    """What the applicant gives for each material: files, or a promise where the item allows one."""

    consent = forms.BooleanField(
        label=gettext_lazy("同意平台为这一次申请调取我已有的登记信息和电子证照，能调取到的不用再交"), required=False
    )

    def __init__(
        self, materials: Iterable[Material], mine: list[UploadView], asks: bool, data: QueryDict | None, wrong: Wrong
    ) -> None:
        super().__init__(data)
        if not asks:
            del self.fields["consent"]
        offered = usable(mine)
        searching(self, offered)
        for one in materials:
            if any(isinstance(kind, ByUpload) for kind in one.satisfied_by):
                if offered:
                    choosing(self, f"u-{one.key}", offered, data, required=False)
                taking(self, f"u-{one.key}", one.title)
            if one.promise:
                self.fields[f"p-{one.key}"] = forms.BooleanField(
                    label=_("我已知晓要求和不实承诺的责任，承诺符合“%(title)s”的要求，以承诺代替提交") % {"title": one.title},
                    required=False,
                )  # fmt: skip
        complain(self, wrong)

    @property
    def uploads(self) -> dict[str, list[int]]:
        """The files that were chosen, by material key."""
        said = {name[2:]: value for name, value in self._said.items() if name.startswith("u-")}
        return {key: [int(one) for one in chosen] for key, chosen in said.items() if chosen}

    @property
    def promised(self) -> list[str]:
        """Keys of the materials that a promise stands for."""
        return [name[2:] for name, value in self._said.items() if name.startswith("p-") and value]

    @property
    def consents(self) -> bool:
        return bool(self._said.get("consent"))

    @property
    def handed_in(self) -> HandedIn:
        return HandedIn(self.uploads, self.promised, self.consents)

    @property
    def _said(self) -> dict[str, list[str]]:
        """What is sound, also where something else is wrong: what was given stays given while the rest is mended."""
        self.is_valid()
        return getattr(self, "cleaned_data", {})


@dataclass(frozen=True)
class Part:
    """One material on the page: how it stands, what is said of it, what can be given for it."""

    material: Material
    planned: Planned
    state: State
    said: str
    fields: tuple[forms.BoundField, ...]


_KINDS: Mapping[How, StateKind] = {
    How.MISSING: "stopped",
    How.LATER: "waiting",
    How.OMITTED: "none",
    How.PROMISE: "info",
}


def part_of(material: Material, planned: Planned, said: str, form: Choosing) -> Part:
    """A material as the page shows it; what is held already asks for nothing."""
    state = State(_(planned.how.title), _KINDS.get(planned.how, "done"))
    held = planned.how in (How.FACT, How.LICENCE)
    asked = (f"u-{material.key}", f"{FILE}u-{material.key}", f"p-{material.key}")
    fields = tuple(form[name] for name in asked if name in form.fields)
    return Part(material, planned, state, said, () if held else fields)


def asks_consent(found: DraftView, materials: Iterable[Material]) -> bool:
    """Whether something could be fetched for a known applicant who was not asked for consent yet."""
    fetched = any(isinstance(by, ByFact | ByLicence) for one in materials for by in one.satisfied_by)
    return fetched and not found.consented and found.applicant is not None and found.applicant.subject is not None


def elsewhere(found: DraftView, page: str) -> HttpResponse | None:
    """Where a draft leads that is not to be filed here: to what it became (`page` by number), or back to be finished."""
    if found.state is DraftState.FILED and found.number:
        return redirect(page, number=found.number)
    return None if found.ready else redirect("portal:draft_check", draft=found.id)


@never_cache
@require_POST
@when_room
def file(request: HttpRequest) -> HttpResponse:
    """File a checked draft, or first ask for the materials that it needs. A second click leads to the case."""
    draft = number(request.POST.get("draft"))
    who = actor(request)
    found = drafts.view(actor=who, draft=draft)
    if (other := elsewhere(found, "portal:my_case")) is not None:
        return other
    item = _item(found)
    if api.plan_materials(actor=who, item=item, asked=_asked(found, None)):
        return redirect("portal:draft_materials", draft=draft)
    return _filed(lambda: filing.file(actor=who, draft=draft))


def _filed(act: Callable[[], CaseView]) -> HttpResponse:
    """The receipt of what was filed just now; the case itself, where another click was faster. Raises Refused."""
    try:
        return redirect("portal:case_receipt", number=act().number)
    except drafts.AlreadyFiled as already:
        return redirect("portal:my_case", number=already.number)


def _item(found: DraftView) -> ServiceItem:
    item = items.version(found.item, found.item_version).item.at(found.agency)
    return filing.with_proof(item, found.acting) if found.acting is not None else item


def _asked(found: DraftView, form: Choosing | None) -> api.Asked:
    subject = found.applicant.subject if found.applicant else None
    ground = found.acting.ground.value if found.acting else ""
    consent = bool(found.consented) or (form is not None and form.consents)
    shown = {name: text for name, text in found.answers.items() if name in found.shown}
    if form is None:
        return api.Asked(shown, subject, consent, ground)
    return api.Asked(shown, subject, consent, ground, form.uploads, form.promised)


@never_cache
@_read_or_post
@with_files
@when_room
def materials(request: HttpRequest, wrong: Wrong, draft: int) -> HttpResponse:
    """What the draft's item needs and by what each is satisfied; what is posted is planned again, or filed with."""
    who = actor(request)
    found = drafts.view(actor=who, draft=draft)
    if (other := elsewhere(found, "portal:my_case")) is not None:
        return other
    item = _item(found)
    asks = asks_consent(found, item.materials)
    form = Choosing(item.materials, uploads.uploads(actor=who), asks, carried(request), wrong)
    if request.POST.get("act") == "file" and form.is_valid():
        try:
            return _filed(lambda: _file(who, draft, form))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    planned = api.plan_materials(actor=who, item=item, asked=_asked(found, form))
    context = {
        "it": found, "parts_of": _parts(item, planned, form), "form": form, "largest": uploads.largest(),
        "missing": sum(not one.settled for one in planned),
        "crumbs": [*crumbs(found), Link(_("核对"), reverse("portal:draft_check", args=[draft]))],
    }  # fmt: skip
    return render(request, "portal/hall/case_materials.html.jinja", context, status=422 if form.errors else 200)


def _file(who: Actor, draft: int, form: Choosing) -> CaseView:
    return filing.file(actor=who, draft=draft, given=form.handed_in)


def _parts(item: ServiceItem, planned: tuple[Planned, ...], form: Choosing) -> list[Part]:
    known = {one.key: one for one in item.materials}
    wanted = ((known[one.material], one) for one in planned)
    return [part_of(material, one, _from(material, one), form) for material, one in wanted]


def _from(material: Material, one: Planned) -> str:
    if one.fact is not None:
        return _("%(agency)s《%(title)s》") % {"agency": one.fact.agency, "title": one.fact.title}
    if one.licence:
        return _("证照编号 %(n)s") % {"n": one.licence}
    held = [source(by) for by in material.satisfied_by if isinstance(by, ByFact | ByLicence)]
    if held and one.how is not How.UPLOAD:
        return _("没有从%(from)s调取到") % {"from": "、".join(held)}
    return ""


class HandingIn(PlainForm):
    """The files for one material of a case."""

    def __init__(self, mine: list[UploadView], title: str, data: QueryDict | None, wrong: Wrong) -> None:
        super().__init__(data)
        offered = usable(mine)
        searching(self, offered)
        if offered:
            choosing(self, "chosen", offered, data, required=True)
            self.fields["chosen"].error_messages["required"] = _("请选用一份文件，或者上传一份。")
        taking(self, "chosen", title)
        complain(self, wrong)


@never_cache
@_read_or_post
@with_files
def hand_in(request: HttpRequest, wrong: Wrong, number: str, key: str) -> HttpResponse:
    """Hand in a material that was let wait, or that a correction asks for."""
    who = actor(request)
    case = filing.read_case(actor=who, number=number)
    material = _material(items.version(case.item, case.version).item, key)
    if material is None or not case.own:
        raise Http404
    form = HandingIn(uploads.uploads(actor=who), material.title, carried(request), wrong)
    if request.method == "POST" and form.is_valid():
        chosen = [int(one) for one in form.cleaned_data.get("chosen", ())]
        if tried(form, lambda: api.hand_in(actor=who, case=case.id, material=material, uploads=chosen)) is not None:
            messages.success(request, _("“%(title)s”已交。") % {"title": material.title})
            return redirect("portal:my_case", number=number)
    context = {
        "it": case, "material": material, "form": form, "crumbs": case_crumbs(case), "largest": uploads.largest(),
    }  # fmt: skip
    return render(request, "portal/hall/case_hand_in.html.jinja", context, status=422 if form.errors else 200)


def _material(item: ServiceItem, key: str) -> Material | None:
    """The material of that key: the item's, or what proves that somebody may act for the applicant."""
    proofs = [filing.with_proof(item, Acting(ground=one, proof=one.proof)).materials for one in Ground]
    return next((one for some in proofs for one in some if one.key == key), None)


def case_crumbs(it: CaseView) -> list[Link]:
    """The way back from a page about one's case."""
    return [
        Link(_("我的办件"), reverse("portal:my_cases")),
        Link(it.title, reverse("portal:my_case", args=[it.number])),
    ]
