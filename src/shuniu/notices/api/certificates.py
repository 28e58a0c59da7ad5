"""Certificates that end soon: their holders are told a set number of days before, once each time, until there is a new one.

Trust knows nobody who could be told; notices, above it, ask it whom.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.notices.api.telling import register, tell_many
from shuniu.notices.declare import EMAIL, INBOX, Letter, Recipient, Template, Words
from shuniu.trust.api import record, require, verb
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates.declare import EVERY, Held
from shuniu.trust.declare import Actor

TITLE = Words("证书即将到期", "A certificate is about to expire")
PLACES = ("name", "number", "day", "days")
MACHINE, PERSON, PROVINCE = (
    register(Template(f"notices.certificate_{key}", TITLE, Words(zh, en), PLACES, (INBOX.key, EMAIL.key)))
    for key, zh, en in (
        (
            "machine",
            "{name}的签名证书（第 {number} 号）将于 {day} 到期，还有 {days} 天。请在接入的机器上执行 shuniu trust renew；"
            "装好定时任务的会自动换发。到期后本单位的查询将被拒绝。",
            "The signing certificate of {name} (no. {number}) expires on {day}, in {days} days. Run shuniu trust renew on the "
            "machine that joined; a scheduled one renews by itself. After that day your agency's queries are refused.",
        ),
        (
            "person",
            "{name}的签名证书（第 {number} 号）将于 {day} 到期，还有 {days} 天。请在到期前换发，到期后不能再用它登录和签名。",
            "The signing certificate of {name} (no. {number}) expires on {day}, in {days} days. Renew it before then: after "
            "that day it neither signs in nor signs.",
        ),
        (
            "province",
            "{name}的签名证书（第 {number} 号）将于 {day} 到期，还有 {days} 天，多次提醒后仍未换发。请督促该单位换发，"
            "或者重新发放邀请码；平台自己的证书请检查后台任务是否在运行。",
            "The signing certificate of {name} (no. {number}) expires on {day}, in {days} days, and was not renewed in spite of "
            "reminders. Urge its holder, or send a new invitation; for the platform's own, see that its worker runs.",
        ),
    )
)
"""What is told to an agency about its machines, to a person about his own, to the province of who does not renew."""
AT_ONCE = 2_000
"""Letters that are written in one statement."""


@verb("notices.warn_certificates", "提醒证书即将到期")
def warn_certificates(*, actor: Actor, at: datetime | None = None) -> int:
    """Tell whose certificates end within a step of the dated rule, who was not told so at this step. Returns how many letters.

    At the last step the province is told of agencies and machines too. A day that was missed is made up for by the
    next one, with the step that is reached by then.
    """
    require()
    now = at or timezone.now()
    steps = sorted(int(one) for one in _steps())
    told = 0
    for template, letters in _letters(steps, now).items():
        for first in range(0, len(letters), AT_ONCE):
            told += len(tell_many(template=template, letters=letters[first : first + AT_ONCE]))
    record("certificates", detail={"told": told})
    return told


def _steps() -> tuple[str, ...]:
    return RuleBook.load(settings.RULE_PACK).resolve("certificates.warning.steps", timezone.localdate()).texts()


def _letters(steps: list[int], now: datetime) -> dict[str, list[Letter]]:
    found: dict[str, list[Letter]] = {MACHINE.key: [], PERSON.key: [], PROVINCE.key: []}
    for line in certificates.expiring(within_days=steps[-1], at=now):
        held = line.held
        days = (timezone.localdate(held.not_after) - timezone.localdate(now)).days
        step = next((one for one in steps if days <= one), steps[-1])
        values = {
            "name": held.name, "number": str(held.number), "day": f"{timezone.localdate(held.not_after):%Y-%m-%d}",
            "days": str(days),
        }  # fmt: skip
        for template, to in _told(held, last=step == steps[0]):
            who = to.person or to.agency or to.capability
            once = f"certificate:{held.number}:{step}:{who}"
            found[template.key].append(Letter(to, f"certificate:{held.number}", values, once))
    return found


def _told(held: Held, *, last: bool) -> Iterator[tuple[Template, Recipient]]:
    """Who is told of a certificate, by which words."""
    if held.kind in ("agency", "node"):
        if held.agency:
            yield MACHINE, Recipient(agency=held.agency)
        if last or not held.agency:
            yield PROVINCE, Recipient(capability=EVERY)
        return
    yield PERSON, Recipient(person=held.holder)
    if held.agency:
        yield PERSON, Recipient(agency=held.agency)
