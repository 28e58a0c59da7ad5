"""Letters, documents, requests for information, readings, doubts and repairs, for the test that tries every address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from shuniu.assessment.looked import api as looked
from shuniu.assessment.looked.declare import Ground
from shuniu.assessment.looked.models import CovertInquiry, ReadingFlag
from shuniu.cases.api import letters
from shuniu.cases.models import Dispatch, Document
from shuniu.directory import api as directory
from shuniu.directory.models import Account
from shuniu.registries.models import Identifier, Subject
from shuniu.systems.petitions.declare import PETITIONS
from tests.assessment.looking import holding, placed, read
from tests.assessment.test_reading_flags import at, working_day
from tests.cases import founding
from tests.cases.letters import COMPLAINT
from tests.cast import CITIZEN_SUBJECT, Cast
from tests.directory.delegating.people import given
from tests.portal.everyone import Thing
from tests.systems import information

NONE, NO_CASE = 999_999, "430000209912310001"
TITLE = "关于做好年度报告公示工作的通知"
WRITTEN = {
    "kind": "通知", "title": TITLE, "code": "湘市监发", "urgency": "加急", "to": ["43.tax"],
    "copies": ["43.office"], "body": "现就有关事项通知如下。\n一、按时公示。", "attachments": "", "note": "",
}  # fmt: skip
SECRETS = (TITLE, "按时公示")


def things(cast: Cast, readers: Mapping[str, Client]) -> dict[str, Thing]:
    """One of each: the citizen's, the market bureau's, or, of readings, the tax bureau's."""
    return {
        "delegation": Thing({"number": given(cast.firm, cast.citizen)}, ("星沙演示有限公司",), {"number": NONE}),
        **_letter(cast), **_document(cast, readers), **_asked(cast), **_event(cast), **_read(cast),
    }  # fmt: skip


def _letter(cast: Cast) -> dict[str, Thing]:
    text = COMPLAINT.text.replace("，也不给开发票", "")
    said = COMPLAINT.model_copy(update={"text": text})
    sent = letters.send_letter(actor=directory.anonymous(), box=PETITIONS, letter=said)
    own = letters.send_letter(actor=cast.citizen, box=PETITIONS, letter=said)
    secrets, none = ("超市不给退货", "电风扇", "13873100001"), {"number": "20990101000001"}
    return {
        "letter": Thing({"number": sent.number}, secrets, none),
        "own_letter": Thing({"number": own.number}, secrets, none),
        "letter_act": Thing({"number": sent.number, "step": "answer"}, secrets, {**none, "step": "answer"}),
    }


def _document(cast: Cast, readers: Mapping[str, Client]) -> dict[str, Thing]:
    """A draft of the market bureau's clerk, and a document that has come to the tax bureau."""
    clerk, chief = readers["clerk"], readers["chief"]
    reviewer = Client()
    account = int(holding(cast.market_officer, "document_clerk", "shenhe", "审核").person.partition(":")[2])
    reviewer.force_login(Account.objects.get(pk=account))

    def do(client: Client, address: str, said: Mapping[str, object]) -> None:
        done = client.post(f"/desk/documents/{address}", said)
        assert done.status_code == 302, done.content.decode()

    do(clerk, "new/outgoing/", WRITTEN)
    sent = Document.objects.latest("pk").pk
    do(clerk, f"{sent}/do/submit/", {})
    do(reviewer, f"{sent}/do/answer-review/", {"stage": "review", "answer": "同意", "opinion": "属实"})
    do(chief, f"{sent}/do/answer-sign/", {"stage": "sign", "answer": "同意", "opinion": "请印发"})
    do(clerk, f"{sent}/do/send/", {"to": ["43.tax"]})
    do(clerk, "new/outgoing/", WRITTEN)
    draft, came = Document.objects.latest("pk").pk, Dispatch.objects.get(agency="43.tax").pk
    return {
        "sort": Thing({"sort": "outgoing"}, none={"sort": "none"}),
        "document": Thing({"pk": draft}, SECRETS, {"pk": NONE}),
        "document_act": Thing({"pk": draft, "step": "submit"}, SECRETS, {"pk": NONE, "step": "submit"}),
        "incoming": Thing({"pk": came}, SECRETS, {"pk": NONE}),
        "incoming_file": Thing({"pk": came, "upload": 1}, SECRETS, {"pk": NONE, "upload": 1}),
        "document_file": Thing({"pk": draft, "upload": 1}, SECRETS, {"pk": NONE, "upload": 1}),
        "incoming_act": Thing({"pk": came, "step": "receive"}, SECRETS, {"pk": NONE, "step": "receive"}),
    }


def _asked(cast: Cast) -> dict[str, Thing]:
    number = information.asked(cast.citizen).number
    return {"information": Thing({"number": number}, (information.WHAT,), {"number": NO_CASE})}


def _event(cast: Cast) -> dict[str, Thing]:
    made = founding.filed(cast.citizen).number
    draft = founding.drafted(cast.citizen)
    return {
        "event": Thing({"key": founding.KEY}, none={"key": "none"}),
        "event_draft": Thing({"draft": draft}, ("新芽科技",), {"draft": NONE}),
        "event_case": Thing({"number": made}, ("新芽科技",), {"number": NO_CASE}),
    }


def _read(cast: Cast) -> dict[str, Thing]:
    """What the tax bureau read of the citizen: questioned, flagged, and an inquiry that waits to be kept back."""
    entry = read(cast.tax_officer, purpose="核对申报")
    question = looked.ask(
        actor=cast.citizen, entry=read(cast.tax_officer, purpose="又一次"), text="为什么查我？"
    ).number
    for minute in range(20):
        read(cast.tax_officer, [7_500_000 + minute], at(working_day(), 9, minute), purpose="核查")
    placed()
    while looked.flag_readings(actor=directory.system("worker"))[0]:
        continue
    Subject.objects.create(pk=CITIZEN_SUBJECT, kind="natural", name="田野", known=True, root=CITIZEN_SUBJECT)
    Identifier.objects.create(
        subject_id=CITIZEN_SUBJECT,
        kind="resident_id",
        value="430102199003070038",
        resource="43.market/registration",
        answers=True,
    )
    looked.propose_covert(
        actor=cast.tax_officer, kind="resident_id", value="430102199003070038", ground=Ground.DUTY,
        reason="湘税稽〔2026〕7号", until=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    return {
        "reading": Thing({"entry": entry}, ("核对申报",), {"entry": NONE}),
        "question": Thing({"number": question}, ("为什么查我",), {"number": NONE}),
        "flag": Thing({"number": ReadingFlag.objects.get().pk}, ("周杰",), {"number": NONE}),
        "covert": Thing({"number": CovertInquiry.objects.get().pk}, ("湘税稽",), {"number": NONE}),
    }
