"""Contacts: a person's or an agency's e-mail and mobile, believed only once a code sent there has come back."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from shuniu.notices import channels, rules, store
from shuniu.notices.api.telling import register, tell
from shuniu.notices.declare import EMAIL, SMS, ContactView, Recipient, Template, Words
from shuniu.notices.models import Contact, Notice
from shuniu.notices.sealing import seal, unseal
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor, Refused

FOR_AGENCY = "notices.for_agency"
"""The capability to keep the addresses at which one's agency is told."""

CODE = register(
    Template(
        key="notices.code",
        title=Words("联系方式验证码", "Your verification code"),
        text=Words(
            "验证码 {code}，{minutes} 分钟内有效，用于验证您在枢纽登记的联系方式。请勿告诉他人；如非本人操作，请忽略。",
            "Your code is {code}. It is valid for {minutes} minutes and verifies this contact. Do not share it.",
        ),
        fields=("code", "minutes"),
        channels=(EMAIL.key, SMS.key),
        urgent=True,
        fleeting=True,
    )
)


@verb("notices.read_contacts", "查看联系方式", reads=True)
def contacts(*, actor: Actor, for_agency: bool = False) -> tuple[ContactView, ...]:
    """The actor's own contacts, or his agency's, masked. Raises Refused right.missing, notices.no_agency."""
    person, agency = _owner(actor, for_agency)
    found = Contact.objects.filter(person=person, agency=agency).order_by("channel")
    listed = tuple(_view(one) for one in found)
    record("contacts", detail={"contacts": len(listed), "agency": agency})
    return listed


@verb("notices.set_contact", "登记联系方式")
def set_contact(*, actor: Actor, channel: str, address: str, for_agency: bool = False) -> ContactView:
    """Send a code to a new address; until it comes back, the verified one, if any, stays in use.

    Raises Refused: notices.address, notices.channel; notices.unready where the channel is not set up here;
    notices.code_soon within a minute of the last code, and notices.code_many past the day's number: nobody's telephone
    is to be flooded from here.
    """
    person, agency = _owner(actor, for_agency)
    value = rules.address(channel, address)
    if not channels.ready(channel):
        title = rules.channel(channel).title
        raise Refused(
            "notices.unready", f"本实例未配置{title}，不能登记。", "站内通知照常使用；需要时请联系平台管理员。"
        )
    now, minutes = timezone.now(), rules.dated("account.code.minutes")
    _check_patience(person, agency, now)
    Contact.objects.get_or_create(person=person, agency=agency, channel=channel)
    row = Contact.objects.select_for_update().get(person=person, agency=agency, channel=channel)
    code = f"{secrets.randbelow(1_000_000):06d}"
    row.pending, row.code, row.tries = seal(value), _digest(row, code), 0
    row.code_until = now + timedelta(minutes=minutes)
    row.save(update_fields=["pending", "code", "code_until", "tries"])
    to = Recipient(person=person, agency=agency, addresses={channel: value})
    tell(template=CODE.key, to=to, object=f"contact:{row.pk}", values={"code": code, "minutes": str(minutes)})
    record(f"contact:{row.pk}", detail={"channel": channel, "agency": agency, "address": keyed(value)})
    return _view(row)


@verb("notices.confirm_contact", "验证联系方式")
def confirm_contact(*, actor: Actor, channel: str, code: str, for_agency: bool = False) -> bool:
    """Put the address in use when this is its code. Returns whether it was: a wrong one is a result, so that its count
    is committed. Raises Refused: notices.code_none, code_late, code_tries.
    """
    person, agency = _owner(actor, for_agency)
    row = Contact.objects.select_for_update().filter(person=person, agency=agency, channel=channel).first()
    if row is None or row.pending is None or row.code is None or row.code_until is None:
        raise Refused("notices.code_none", "没有等待验证的联系方式。", "请先填写地址获取验证码。")
    now = timezone.now()
    if now >= row.code_until:
        raise Refused("notices.code_late", "验证码已过期。", "请重新获取。")
    if row.tries >= rules.dated("account.lock.failures"):
        raise Refused("notices.code_tries", "验证码输错次数过多，已作废。", "请重新获取。")
    right = constant_time_compare(bytes(row.code), _digest(row, code.strip()))
    if right:
        row.address, row.verified_at, row.tries = row.pending, now, 0
        row.pending = row.code = row.code_until = None
    else:
        row.tries += 1
    row.save()
    record(f"contact:{row.pk}", detail={"channel": channel, "agency": agency, "verified": right})
    return right


@verb("notices.remove_contact", "删除联系方式")
def remove_contact(*, actor: Actor, channel: str, for_agency: bool = False) -> None:
    """Delete an address and stop what still waits to go there. Harmless when there is none."""
    person, agency = _owner(actor, for_agency)
    Contact.objects.filter(person=person, agency=agency, channel=channel).delete()
    stopped = store.give_up_for(person, agency, channel, "联系方式已删除", actor.person)
    record("contacts", detail={"channel": channel, "agency": agency, "stopped": stopped})


def _owner(actor: Actor, for_agency: bool) -> tuple[str, str]:
    if not for_agency:
        require()
        return actor.person, ""
    require(capability=FOR_AGENCY)
    if not actor.agency:
        raise Refused("notices.no_agency", "您不属于任何单位。", "请由单位的管理员登记。")
    return "", actor.agency


def _check_patience(person: str, agency: str, now: datetime) -> None:
    sent = Notice.objects.filter(template=CODE.key, person=person, agency=agency)
    if sent.filter(at__gt=now - timedelta(minutes=1)).exists():
        raise Refused("notices.code_soon", "验证码刚刚发出。", "请一分钟后再获取。")
    if sent.filter(at__gt=now - timedelta(days=1)).count() >= rules.dated("notices.code.daily"):
        raise Refused("notices.code_many", "一天内获取验证码的次数过多。", "请明天再试。")


def _digest(row: Contact, code: str) -> bytes:
    return keyed(f"notices.code:{row.pk}:{code}").encode()


def _view(row: Contact) -> ContactView:
    known, waiting = (rules.masked(row.channel, unseal(value)) if value else "" for value in (row.address, row.pending))
    return ContactView(row.channel, known, row.verified_at, waiting)
