"""Things of the exchange on the market bureau's side, for the test that tries every address."""

from __future__ import annotations

from django.test import Client, override_settings
from django.utils import timezone

from bench.clocks import NEXT
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.directory.models import Account, Appointment
from shuniu.exchange import api as exchange
from shuniu.exchange.gateway import files, interfaces
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.models import ShareRequest
from shuniu.notices import api as notices
from shuniu.procedures.calendars.models import Clock, HolidayTable, Recount
from shuniu.registries import api as registries
from shuniu.trust import api as trust
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates.declare import Query
from tests.cast import Cast
from tests.catalogue.conftest import may
from tests.catalogue.sample import CODE_LISTS, ELEMENTS, LICENCE
from tests.exchange.conftest import FIRMS, Deliver, firm, registration
from tests.exchange.files import framed
from tests.exchange.gateway.road import agree, certificate_of
from tests.exchange.gateway.road import machine as asking
from tests.exchange.grants.wishes import terms
from tests.exchange.test_submission import many_codes
from tests.notices.conftest import delivery, have_contacts, tell
from tests.portal.everyone import Thing
from tests.trust.certificates import machine

KEY = "43.market/registration"
NONE = 999_999
GOOD = [f"{code},湘江机械有限公司,2010-03-05,{n},存续,430102" for n, code in enumerate(many_codes(60))]
HOLIDAYS = {
    "year": "2027", "source": "国办发明电〔2026〕7号", "confirmed": "on",
    "lines": "date,kind,name\n" + "\n".join(f"{day},{kind},{name}" for day, kind, name in NEXT),
}  # fmt: skip


def things(cast: Cast, deliver: Deliver, readers: dict[str, Client]) -> dict[str, Thing]:
    """One of each of the exchange, all the market bureau's or about it."""
    return {
        "resource": Thing({"key": KEY}, none={"key": "43.market/none"}),
        **_submitted(cast, deliver),
        **_catalogued(cast),
        **_shared(cast),
        **_calendar(readers["office"]),
        **_told(cast),
        **_certified(cast),
        **_rights(cast),
        "account": Thing({"account": Account.objects.get(login="liuqiang").pk}, ("liuqiang",), {"account": NONE}),
        "procedure": Thing({"key": "catalogue.review"}, none={"key": "no.such"}),
        "switch": Thing({"switch": "on"}, none={"switch": "x"}),
        "language": Thing({"code": "en"}, none={"code": "xx"}),
    }


def _rights(cast: Cast) -> dict[str, Thing]:
    """A post of the market bureau's held for its holder, a token of its, and its yearly review."""
    post = Appointment.objects.get(account__login="wangmin", role="data_officer").pk
    colleague = Account.objects.get(login="zhaoyun").pk
    today = timezone.localdate()
    lent = directory.substitute(
        actor=cast.market_admin, post=post, account=colleague, since=today, last=today, reason="休假"
    )
    directory.open_reviews(actor=directory.system("worker"))
    (review,) = directory.list_reviews(actor=cast.market_admin)
    token = directory.issue_token(
        actor=cast.market_admin, account=Account.objects.get(login="wangmin").pk, title="业务系统每日报送"
    ).id
    return {
        "token": Thing({"number": token}, ("业务系统每日报送",), {"number": NONE}),
        "substitution": Thing({"number": lent}, none={"number": NONE}),
        "review": Thing({"number": review.number}, none={"number": NONE}),
    }


def _submitted(cast: Cast, deliver: Deliver) -> dict[str, Thing]:
    stored = deliver(registration(*GOOD, firm(0, founded="?")), actor=cast.market_officer).number
    held = deliver(registration(*GOOD[:20], firm(1, founded="?")), actor=cast.market_officer).number
    row = registries.rows(catalogue.published(KEY), limit=1)[0].row
    objection = exchange.raise_objection(
        actor=cast.tax_officer, resource=KEY, row=row, item="capital", claim="注册资本与我单位掌握的不同"
    ).number
    return {
        "submission": Thing({"number": held}, (GOOD[0][:18], GOOD[30][:18]), {"number": NONE}),
        "rows": Thing({"number": stored, "change": "new"}, (GOOD[0][:18],), {"number": NONE, "change": "new"}),
        "objection": Thing({"number": objection}, ("注册资本与我单位掌握的不同",), {"number": NONE}),
    }


def _catalogued(cast: Cast) -> dict[str, Thing]:
    catalogue.ship(actor=may(cast.installer, "catalogue.ship"), elements=ELEMENTS, code_lists=CODE_LISTS)
    catalogue.draft(actor=cast.market_cataloguer, resource=LICENCE)
    key, secrets = LICENCE.key, ("生产许可证",)
    return {
        "draft": Thing({"key": key}, secrets, {"key": "43.market/none"}),
        "item": Thing({"key": key, "name": "issued"}, secrets, {"key": "43.market/none", "name": "issued"}),
        "version": Thing({"key": key, "number": 1}, secrets, {"key": "43.market/none", "number": 1}),
    }


def _shared(cast: Cast) -> dict[str, Thing]:
    agreement = agree("uscc", "name", purposes=("inspection",)).pk
    file = files.offer_file(
        actor=cast.market_officer, agreement=agreement, name="登记.csv", writer=framed([b"name\r\n"])
    )
    call = asking().ask(FIRMS[0]).number
    trust.sequence()
    interfaces.declare_live(
        actor=cast.office, resource=KEY, url="http://127.0.0.1:9/firms",
        certificate=certificate_of(asking(agency="43.market", name="省市场监管局").held.number),
    )  # fmt: skip
    asked = grants.request_share(actor=cast.tax_officer, resource=KEY, wanted=terms(), use="办理涉税许可时核对登记")
    case = ShareRequest.objects.get(pk=asked.number).case
    assert case is not None
    clock = Clock.objects.filter(case=case).latest("pk")
    return {
        "share": Thing({"number": asked.number}, ("办理涉税许可时核对登记",), {"number": NONE}),
        "live": Thing({"key": KEY}, none={"key": "43.market/none"}),
        "call": Thing({"number": call}, ("inspection",), {"number": NONE}),
        "agreement": Thing({"number": agreement}, ("税收征收管理法",), {"number": NONE}),
        "agreement_act": Thing({"number": agreement, "what": "suspend"}, none={"number": NONE, "what": "suspend"}),
        "file": Thing({"number": agreement, "file": file}, ("登记.csv",), {"number": agreement, "file": NONE}),
        "case_place": Thing({"number": case}, none={"number": NONE}),
        "clock": Thing({"number": clock.pk}, none={"number": NONE}),
    }


def _calendar(office: Client) -> dict[str, Thing]:
    assert office.post("/desk/holidays/new/", HOLIDAYS).status_code == 302
    table = HolidayTable.objects.get().pk
    recount = Recount.objects.create(
        at=timezone.now(), cause="rules", person="officer:1", person_name="陈岚", clocks=0, moved=0
    )
    return {
        "holiday": Thing({"number": table}, ("国办发明电",), {"number": NONE}),
        "recount": Thing({"number": recount.pk}, none={"number": NONE}),
    }


def _told(cast: Cast) -> dict[str, Thing]:
    have_contacts("email")
    with override_settings(MAIL_URL="smtp://127.0.0.1:9", MAIL_FROM="枢纽 <no-reply@hub.test>"):
        tell()
    sent = delivery("email")
    (notice, *_more) = notices.read_inbox(actor=cast.market_second)
    return {
        "delivery": Thing({"number": sent.pk}, none={"number": NONE}),
        "evidence": Thing({"number": sent.notice_id}, ("餐饮许可",), {"number": NONE}),
        "notice": Thing({"number": notice.number}, none={"number": NONE}),
        "contact": Thing(
            {"owner": "own", "channel": "email", "act": "remove"},
            none={"owner": "none", "channel": "email", "act": "remove"},
        ),
    }


def _certified(cast: Cast) -> dict[str, Thing]:
    machine.join(cast.office)
    found = certificates.list_certificates(actor=cast.office, query=Query(agency="43.market"))
    number = next(one.held.number for one in found if one.held.purpose == "encrypt")
    release = certificates.ask_release(actor=cast.security, number=number, reason="设备损坏恢复")
    return {
        "certificate": Thing({"number": number}, none={"number": NONE}),
        "release": Thing({"number": number, "release": release}, none={"number": NONE, "release": NONE}),
    }
