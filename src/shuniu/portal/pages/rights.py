"""Why somebody may do something, and posts held for somebody else: what officers ask of their rights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.cases.api.sight import explain_sight
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import NotFound, Resource
from shuniu.directory import api as directory
from shuniu.directory.declare import Answer, Explained, Origin, Post, Reason, Right, SubstitutionDesk, SubstitutionView
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.purposes import purposes
from shuniu.portal.shell import desk_page, number, officer, tried
from shuniu.trust.api import VERBS
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Row, State, StateKind, Value

READ = "exchange.read"
SHARED = ("", READ, "exchange.query")
"""Acts that see another agency's resource, under an agreement; none named is reading."""
STATES: Mapping[str, StateKind] = {"ahead": "waiting", "running": "done", "over": "none", "ended": "stopped"}


class Question(forms.Form):
    """Whose right, to what, about which data, on which day."""

    login = forms.CharField(
        label=gettext_lazy("人员的登录名"), required=False, max_length=64, help_text=gettext_lazy("不填就是问自己。")
    )
    act = forms.CharField(
        label=gettext_lazy("操作"), required=False, max_length=100,
        help_text=gettext_lazy("例如“查阅数据”“放行待复核批次”。只问数据时可以不填。"),
        widget=forms.TextInput(attrs={"list": "acts", "autocomplete": "off"}),
    )  # fmt: skip
    resource = forms.CharField(
        label=gettext_lazy("资源"), required=False, max_length=200,
        help_text=gettext_lazy("资源目录中的编号，例如 43.market/registration。"),
    )  # fmt: skip
    case = forms.CharField(label=gettext_lazy("办件编号"), required=False, max_length=60)
    purpose = forms.ChoiceField(label=gettext_lazy("用途（别的单位的资源）"), required=False)
    region = forms.CharField(
        label=gettext_lazy("区划代码"), required=False, max_length=12, help_text=gettext_lazy("例如 430102。")
    )
    day = forms.DateField(
        label=gettext_lazy("哪一天"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("不填就是今天。"),
    )  # fmt: skip

    def __init__(self, data: object, today: date) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or nothing
        chosen = self.fields["purpose"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [("", _("不选")), *((one.key, one.title) for one in purposes(today))]

    def clean_act(self) -> str:
        """The capability that is meant by its title or its key."""
        said = self.cleaned_data["act"].strip().strip("“”")
        if not said or said in VERBS:
            return str(said)
        found = [name for name, verb in VERBS.items() if said in (verb.title, _(verb.title))]
        if not found:
            raise forms.ValidationError(_("没有叫“%(act)s”的操作，请从提示中选择。") % {"act": said})
        return found[0]


@never_cache
@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """Every right of an officer with where it comes from; with a question, yes or no and the chain of reasons."""
    who, today = officer(request), timezone.localdate()
    form = Question(request.GET if set(request.GET) & set(Question.base_fields) else None, today)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = tried(form, lambda: _explained(who, asked)) if form.is_bound else None
    found = found or directory.explain_rights(actor=who, account=number(who.person.partition(":")[2]))
    about = asked.get("act") or asked.get("resource") or asked.get("case")
    answer = _answer(who, found, asked, form) if about and not form.errors else None
    shown = [one for one in found.rights if one.posts]
    context: dict[str, object] = {
        "form": form, "found": found, "answer": answer,
        "acts": sorted({_(verb.title) for verb in VERBS.values()}),
        "yes": State(_("符合"), "done"), "no": State(_("不符合"), "stopped"),
        "origins": [_origin(one) for one in found.origins],
        "origin_columns": [
            Column(_("岗位")), Column(_("角色")), Column(_("辖区")), Column(_("自"), "day"), Column(_("到（不含）"), "day"),
            Column(_("谁任命")), Column(_("何时任命"), "day"),
        ],
        "columns": [Column(_("权限")), Column(_("来自岗位")), Column(_("限制"))],
        "rows": [_right(one) for one in shown],
        "common": len(found.rights) - len(shown),
        "export": _("权限来源"),
    }  # fmt: skip
    return desk_page(request, "rights_why", context, status=422 if form.errors else 200)


def _explained(who: Actor, asked: dict[str, object]) -> Explained:
    login, day = str(asked.get("login") or ""), asked.get("day")
    account = directory.officer_of(login) if login else number(who.person.partition(":")[2])
    return directory.explain_rights(actor=who, account=account, on=day if isinstance(day, date) else None)


def _answer(who: Actor, found: Explained, asked: dict[str, object], form: Question) -> Answer | None:
    """The chain for the asked act; about a resource of another agency, the agreement's link behind it."""
    act, region, key = (str(asked.get(one) or "") for one in ("act", "region", "resource"))
    if asked.get("case"):
        return _sight(who, found, str(asked["case"]).strip())
    resource = tried(form, lambda: _resource(key)) if key else None
    if key and resource is None:
        return None
    foreign = resource is not None and resource.agency != found.person.agency and act in SHARED
    agency = None if resource is None or foreign else resource.agency
    said = directory.answer(found, act or READ, agency=agency, region=region or None)
    if resource is None or not foreign or not said.may:
        return said
    return _shared(who, found, resource, str(asked.get("purpose") or ""), region, said)


def _sight(who: Actor, found: Explained, number: str) -> Answer:
    """Whether the case is seen: by the rule of reading it, without reading it."""
    said = directory.answer(found, "cases.read_case")
    if not said.may:
        return said
    refused = explain_sight(actor=who, reader=found.actor, number=number)
    if refused is not None:
        return Answer(
            (*said.reasons, Reason(False, _("办件：%(why)s") % {"why": refused.message})), refused, said.limits
        )
    text = _("办件：本单位办理或者参与办理，且在辖区之内。")
    return Answer((*said.reasons, Reason(True, text)), None, said.limits)


def _resource(key: str) -> Resource:
    try:
        return catalogue.published(key).resource
    except NotFound as error:
        raise Refused("rights.resource", f"目录中没有资源“{key}”。", "请从资源目录复制它的编号。") from error


def _shared(who: Actor, found: Explained, it: Resource, purpose: str, region: str, said: Answer) -> Answer:
    """Another agency's resource is seen under an agreement: the gateway's own judgement, as in its dry run."""
    if not purpose:
        return _with(said, Refused("rights.purpose", "这是别的单位的资源，要看用途。", "请选择用途后再问。"))
    if not who.may("exchange.foresee_share"):
        message = "另须有生效的共享协议，您没有查看协议的权限。"
        return _with(said, Refused("rights.agreement", message, "请问本单位管理员或者数据专员。"))
    try:
        seen = grants.foresee(
            actor=who, resource=it.key, purpose=purpose, consumer=found.person.agency, region=region,
            account=found.person.account if found.actor.may(READ) else 0,
        )  # fmt: skip
    except Refused as refusal:
        return _with(said, refusal)
    if seen.judgement.refused is not None:
        return _with(said, seen.judgement.refused)
    held = seen.found.agreement.number if seen.found.agreement else 0
    text = _("协议：第 %(n)s 号共享协议生效，能看到 %(count)s 个信息项。") % {
        "n": held, "count": len(seen.judgement.seen),
    }  # fmt: skip
    return Answer((*said.reasons, Reason(True, text)), None, said.limits)


def _with(said: Answer, refusal: Refused) -> Answer:
    return Answer((*said.reasons, Reason(False, _("协议：%(why)s") % {"why": refusal.message})), refusal, said.limits)


def _places(post: Post) -> str:
    return _("、").join(directory.region_path(code) or code for code in post.regions)


def _title(post: Post) -> str:
    named = {"title": _(post.title), "name": post.instead.name if post.instead else ""}
    return _("%(title)s（代 %(name)s）") % named if post.instead else _(post.title)


def _origin(one: Origin) -> Row:
    post = one.post
    by = f"{one.by_agency} {one.by}" if one.by else _("留痕中没有")
    return Row((_title(post), _(post.role_title), _places(post), post.since, post.until, by, one.at))


def _right(one: Right) -> Row:
    posts = _("、").join(_title(post) for post in one.posts)
    return Row((_(one.title), posts, _("；").join(_(limit.says) for limit in one.limits)))


class Arrange(forms.Form):
    """Whose post, by whom, from when until when, why."""

    post = forms.ChoiceField(label=gettext_lazy("岗位"))
    account = forms.ChoiceField(label=gettext_lazy("代理人"))
    since = forms.DateField(label=gettext_lazy("第一天"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(
        label=gettext_lazy("最后一天"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("这一天仍有权限，过后自动终止。"),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, help_text=gettext_lazy("例如“休假”“出差”。"))

    def __init__(self, data: object, desk: SubstitutionDesk) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or nothing
        posts = [
            (str(post.id), _("%(name)s：%(title)s") % {"name": holder, "title": _(post.title)})
            for post, holder in desk.posts
        ]
        people = [(str(key), name) for key, name in desk.colleagues.items()]
        for name, choices in (("post", posts), ("account", people)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("请选择")), *choices]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def substitutions(request: HttpRequest) -> HttpResponse:
    """Substitutions that concern the reader, and arranging one."""
    who = officer(request)
    desk = directory.list_substitutions(actor=who)
    form = Arrange(request.POST if request.method == "POST" else None, desk)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        made = tried(
            form,
            lambda: directory.substitute(
                actor=who, post=int(asked["post"]), account=int(asked["account"]), since=asked["since"],
                last=asked["last"], reason=asked["reason"],
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("第 %(n)s 号代理已安排。") % {"n": made})
            return redirect("portal:substitutions")
    context: dict[str, object] = {
        "form": form, "desk": desk, "running": [one for one in desk.listed if one.may_end], "state": _state,
        "columns": [
            Column(_("编号"), "number"), Column(_("岗位")), Column(_("本人")), Column(_("代理人")), Column(_("第一天"), "day"),
            Column(_("最后一天"), "day"), Column(_("原因")), Column(_("谁安排")), Column(_("状态")),
        ],
        "rows": [Row(_listed(one)) for one in desk.listed],
        "export": _("代理岗位"),
    }  # fmt: skip
    return desk_page(request, "substitutions", context, status=422 if form.errors else 200)


def _listed(one: SubstitutionView) -> tuple[Value, ...]:
    return (
        one.number, _(one.post.title), one.holder_name, one.substitute_name, one.since, one.last, one.reason,
        one.arranged_by, _state(one),
    )  # fmt: skip


def _state(one: SubstitutionView) -> State:
    return State(_(one.state.title), STATES[one.state.value])


@never_cache
@require_POST
def end_substitution(request: HttpRequest, number: int) -> HttpResponse:
    """End one from today."""
    directory.end_substitution(actor=officer(request), number=number)
    messages.success(request, _("第 %(n)s 号代理已终止。") % {"n": number})
    return redirect("portal:substitutions")


urlpatterns = [
    path("desk/rights/", why, name="rights_why"),
    path("desk/substitutions/", substitutions, name="substitutions"),
    path("desk/substitutions/<int:number>/end/", end_substitution, name="substitution_end"),
]
