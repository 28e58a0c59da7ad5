"""Running cases are moved to the newest version of their procedure: chosen, looked at, then done. The province's office."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.cases.api import versions
from shuniu.cases.declare.versions import Group, Moved, VersionInUse
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.shell import desk_page, tried
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link, Row, State
from shuniu.web.forms import PlainForm

_DROPPED = "@dropped"
"""What a stage becomes that is in the new version no more; no stage has such a key."""


class Moving(PlainForm):
    """What becomes of each old stage, who sits in the new ones, and why the cases are moved."""

    reason = forms.CharField(
        label=gettext_lazy("迁移的依据"), max_length=500,
        help_text=gettext_lazy("例如新程序的批准文号。写入每一件的办理过程。"),
    )  # fmt: skip

    def ask(self, old: Procedure, new: Procedure) -> None:
        """Ask of every old stage what it becomes, and of every new one whose it is; those that keep their key keep it."""
        known = {stage.key for stage in new.stages}
        kept = [(stage.key, _(stage.title)) for stage in new.stages]
        choices = [("", _("请选择")), *kept, (_DROPPED, _("取消，答复随之作废"))]
        for stage in old.stages:
            self.fields[f"stage-{stage.key}"] = forms.CharField(
                label=_("旧环节“%(title)s”改为") % {"title": _(stage.title)},
                error_messages={"required": _("请选择旧环节“%(title)s”改为什么。") % {"title": _(stage.title)}},
                widget=forms.Select(choices=choices), initial=stage.key if stage.key in known else "",
            )  # fmt: skip
        agencies = [("", _("办件自己的单位")), *sorted(agency_names().items(), key=lambda one: one[1])]
        for stage in new.stages:
            if stage.key not in {one.key for one in old.stages} and not stage.children:
                self.fields[f"lane-{stage.key}"] = forms.CharField(
                    label=_("新环节“%(title)s”由谁办理") % {"title": _(stage.title)}, required=False,
                    widget=forms.Select(choices=agencies),
                    help_text=_("由旧环节改来的，单位不变，不用选。"),
                )  # fmt: skip

    def said(self, what: str) -> dict[str, str]:
        """What was said of each stage: `stage` or `lane`."""
        return {
            name.removeprefix(f"{what}-"): value
            for name, value in self.cleaned_data.items()
            if name.startswith(f"{what}-")
        }


@never_cache
@require_safe
def procedures_(request: HttpRequest) -> HttpResponse:
    """The procedures, each with its newest version."""
    _check(actor(request))
    rows = [
        Row((_(one.title), one.version, key), reverse("portal:migrating_versions", args=[key]))
        for key, one in sorted(procedures.PROCEDURES.items())
        if key.startswith("cases.")
    ]
    columns = [Column(_("程序")), Column(_("最新版本"), "number"), Column(_("代码"))]
    return desk_page(request, "migrating", {"columns": columns, "rows": rows})


@never_cache
@require_safe
def versions_(request: HttpRequest, key: str) -> HttpResponse:
    """Under which versions of a procedure cases run, and at which stages they wait."""
    new = versions.newest(key)
    used = versions.read_versions(actor=actor(request), procedure=key)
    columns = [Column(_("版本")), Column(_("在办件"), "number"), Column(_("在哪个环节")), Column(_("情况"))]
    context = {
        "new": new, "columns": columns, "rows": [_used(one, new) for one in used], "crumbs": [_crumb()],
    }  # fmt: skip
    return desk_page(request, "migrating_versions", context)


def _used(one: VersionInUse, new: Procedure) -> Row:
    at = _("、").join(f"{_(one.procedure[key].title)} {count:,}" for key, count in one.waiting if count)
    version = one.procedure.version
    old = version < new.version
    state = State(_("可以迁移"), "waiting") if old else State(_("已是最新"), "done")
    href = reverse("portal:migrating_version", args=[new.key, version]) if old else ""
    return Row((_("第 %(n)s 版") % {"n": version}, one.cases, at or "—", state), href)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Say what becomes of each stage; look at what that does to the cases; then do it."""
    who, new = actor(request), versions.newest(key)
    used = versions.read_versions(actor=who, procedure=key)
    old = versions.old_version(used, number)
    form = Moving(request.POST) if request.method == "POST" else Moving()
    form.ask(old, new)
    doing = request.POST.get("do") == "1"
    found = tried(form, lambda: _moved(who, old, new, form, dry_run=not doing)) if form.is_valid() else None
    if found is not None and doing:
        messages.success(request, ngettext("已迁移 %(n)s 件。", "已迁移 %(n)s 件。", found.moved) % {"n": found.moved})
        return redirect("portal:migrating_versions", key=key)
    crumbs = [_crumb(), Link(_(new.title), reverse("portal:migrating_versions", args=[key]))]
    context = {
        "old": old, "new": new, "form": form, "found": found, "crumbs": crumbs,
        "columns": [Column(_("现在的环节")), Column(_("件数"), "number"), Column(_("迁移后的环节")), Column(_("答复保留")),
                    Column(_("重新办理")), Column(_("答复作废")), Column(_("不能迁移的原因")), Column(_("例如"))],
        "rows": [_group(one, found) for one in found.groups] if found else (),
    }  # fmt: skip
    return desk_page(request, "migrating_version", context, status=422 if form.errors else 200)


def _moved(who: Actor, old: Procedure, new: Procedure, form: Moving, *, dry_run: bool) -> Moved:
    lanes = {key: (agency,) for key, agency in form.said("lane").items() if agency}
    stages = {key: "" if target == _DROPPED else target for key, target in form.said("stage").items()}
    made = versions.migration(old, new, stages, lanes)
    return versions.migrate(actor=who, migration=made, reason=form.cleaned_data["reason"], dry_run=dry_run)


def _group(one: Group, found: Moved) -> Row:
    old, new = found.old, found.new
    return Row(
        (_titles(old, one.waits), one.cases, _titles(new, one.goes), _titles(new, one.stand), _titles(new, one.anew),
         _titles(old, one.dropped), one.problem, _("、").join(one.examples)),
    )  # fmt: skip


def _titles(procedure: Procedure, keys: tuple[str, ...]) -> str:
    return _("、").join(_(procedure[key].title) for key in keys)


def _crumb() -> Link:
    return Link(_("程序换版"), reverse("portal:migrating"))


def _check(who: Actor) -> None:
    if not who.may("procedures.migrate"):
        raise Refused("right.missing", "您没有“迁移在办件”的权限。", "请由省级平台主管办理。")


urlpatterns = [
    path("desk/migrating/", procedures_, name="migrating"),
    path("desk/migrating/<path:key>/<int:number>/", version, name="migrating_version"),
    path("desk/migrating/<path:key>/", versions_, name="migrating_versions"),
]
