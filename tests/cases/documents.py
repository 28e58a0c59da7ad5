"""A request to a superior agency, and the people who write, review, sign and receive it."""

from __future__ import annotations

from dataclasses import replace

from shuniu.cases.api.documents import draft_document, review_document, sign_document, submit_document
from shuniu.cases.declare.document import DocumentView, Draft
from shuniu.directory.declare import ROLES
from shuniu.systems.documents.declare import OUTGOING
from shuniu.trust.declare import Actor
from tests.refusals import refused

__all__ = ["refused"]

_CLERK, _SIGNER = ROLES["document_clerk"].capabilities, ROLES["document_signer"].capabilities
AUTHOR = Actor("officer:1", "王敏", "43.market", "省市场监督管理局", ("43",), _CLERK)
REVIEWER = Actor("officer:2", "周强", "43.market", "省市场监督管理局", ("43",), _CLERK)
CHIEF = Actor("officer:3", "罗毅", "43.market", "省市场监督管理局", ("43",), _SIGNER)
TAX_CLERK = Actor("officer:4", "李娜", "43.tax", "省税务局", ("43",), _CLERK)
TAX_CHIEF = replace(TAX_CLERK, person="officer:5", name="钟华", capabilities=_SIGNER)
OFFICE = Actor("officer:6", "陈岚", "43.office", "省政务信息化办公室", ("43",), _CLERK)

REQUEST = Draft(
    kind="请示", title="关于建立企业登记信息共享机制的请示", code="湘市监", to=("43.office",),
    body=("为了减少企业重复提交材料，我局拟与省税务局共享企业登记信息。", "妥否，请批示。"),
)  # fmt: skip
NOTICE = Draft(
    kind="通知", title="关于做好年度报告公示工作的通知", code="湘市监发", to=("43.tax", "430102.market"), copies=("43.office",),
    body=("现就有关事项通知如下。", "一、按时公示。", "二、依法抽查。"), attachments=("公示格式", "抽查名单"), note="此件公开发布",
)  # fmt: skip


def submitted(draft: Draft = NOTICE, lanes: dict[str, tuple[str, ...]] | None = None) -> DocumentView:
    made = draft_document(actor=AUTHOR, draft=draft)
    return submit_document(actor=AUTHOR, document=made.id, procedure=OUTGOING.key, lanes=lanes)


def signed(draft: Draft = NOTICE) -> DocumentView:
    it = submitted(draft)
    review_document(actor=REVIEWER, document=it.id, stage="review", answer="同意", opinion="情况属实")
    return sign_document(actor=CHIEF, document=it.id, answer="同意", opinion="请印发")
