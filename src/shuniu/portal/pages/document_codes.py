"""机关代字: which agency numbers its documents by which; given and put out of use by who watches over all."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuniu.cases.api import document_codes as api
from shuniu.cases.declare.document import Code
from shuniu.directory import api as directory
from shuniu.directory.session import actor
from shuniu.portal.shell import desk_page, paged, tried
from shuniu.web.declare import Column, Filter, State
from shuniu.web.forms import DayField, PlainForm


class GiveForm(PlainForm):
    """A 机关代字, and whose it is from when on."""

    code = forms.CharField(label=gettext_lazy("机关代字"), max_length=20, help_text=gettext_lazy("例如“湘市监发”。"))
    agency = forms.ChoiceField(label=gettext_lazy("单位"))
    since = DayField(label=gettext_lazy("启用日"), required=False)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)
        choices = [("", _("请选择")), *((one.key, one.name) for one in directory.agencies())]
        self.fields["agency"] = forms.ChoiceField(label=self.fields["agency"].label, choices=choices)
        self.fields["since"].help_text = _("不填的，从今天起。")
        self.order_fields(["code", "agency", "since"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Every 机关代字 and whose it is; a form that gives one, a button that ends one."""
    who = actor(request)
    if "end" in request.POST:
        api.end_code(actor=who, code=(ended := request.POST["end"][:20]))
        messages.success(request, _("“%(code)s”已停用。") % {"code": ended})
        return redirect("portal:document_codes")
    form = GiveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and tried(form, lambda: _given(request, form)):
        messages.success(request, _("“%(code)s”已登记。") % {"code": form.cleaned_data["code"]})
        return redirect("portal:document_codes")
    names, asked = directory.agency_names(), request.GET.get("agency", "")[:60]
    found = api.list_codes(actor=who)
    owners = [("", _("全部")), *((key, names.get(key, key)) for key in dict.fromkeys(one.agency for one in found))]
    shown, paging = paged(request, [one for one in found if asked in ("", one.agency)])
    context = {
        "form": form, "filters": (Filter("agency", _("单位"), asked, tuple(owners)),), "paging": paging,
        "columns": [
            Column(_("机关代字")), Column(_("单位")), Column(_("启用"), "day"), Column(_("停用"), "day"), Column(_("状态")),
            Column(_("操作")),
        ],
        "rows": [(one, names.get(one.agency, one.agency), _state(one)) for one in shown],
    }  # fmt: skip
    return desk_page(request, "document_codes", context, status=422 if form.errors else 200)


def _given(request: HttpRequest, form: GiveForm) -> bool:
    said = form.cleaned_data
    api.give_code(actor=actor(request), agency=said["agency"], code=said["code"].strip(), since=said["since"])
    return True


def _state(one: Code) -> State:
    return State(_("使用中"), "done") if one.until is None else State(pgettext("document code", "已停用"), "none")
