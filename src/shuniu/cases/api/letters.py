"""What a writer does with a letter: send it, with or without an account, follow it, rate its answer.

A report (举报) is sent and journalled as nobody's: who wrote it is kept encrypted and nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import Rule, RuleBook
from shuniu.cases import letter_telling as telling
from shuniu.cases.api import withheld as withheld  # says from whom procedures hide letters
from shuniu.cases.api.marked import refuse_marked
from shuniu.cases.declare.letters import (
    LetterBox,
    LetterCategory,
    LetterChannel,
    LetterIn,
    LetterState,
    LetterView,
    Met,
    PartState,
    Rated,
    Sent,
    Writer,
)
from shuniu.cases.models import Letter, LetterAccused, LetterPart, LetterRating, LetterWriter
from shuniu.cases.rules import letters as rules
from shuniu.cases.store import letters as store
from shuniu.cases.store import successions
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import Kind, Start
from shuniu.procedures.declare import Opening
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

BOXES: dict[str, LetterBox] = {}
"""The letter boxes that systems registered, by key."""
WHERE = "民声通道来信"
"""What the secrecy officers read: where a marked text was offered."""
_CODE = 12


def register(box: LetterBox) -> LetterBox:
    """Make a declared letter box known. Raises ValueError for another declaration under the same key."""
    if BOXES.setdefault(box.key, box) != box:
        raise ValueError(f"信箱“{box.key}”登记了两种内容")
    return box


def rule(key: str, on: date, region: str = "") -> Rule:
    """The dated rule of a term. Raises NoRule."""
    return RuleBook.load(settings.RULE_PACK).resolve(key, on, region or settings.PROVINCE)


def send_letter(*, actor: Actor, box: LetterBox, letter: LetterIn) -> Sent:
    """Take a letter in from the web and send it to who must answer it. Returns its number and the code to follow it by.

    Raises Refused: letters.category, letters.region, letters.accused, classified.*.
    """
    category = _category(box, letter)
    refuse_marked(actor, f"{letter.title}\n{letter.text}", WHERE)
    by = directory.anonymous() if category.sealed else actor
    account = actor.person if ":" in actor.person else ""
    return _send(actor=by, box=box, letter=letter, account=account)


@verb("cases.send_letter", "写信")
def _send(*, actor: Actor, box: LetterBox, letter: LetterIn, account: str) -> Sent:
    """One transaction of `send_letter`; `account` is sealed with the writer."""
    require()
    sent = _made(box, letter, LetterChannel.WEB, Writer(letter.name, letter.contact, account))
    record(f"letter:{sent.number}", detail={"channel": LetterChannel.WEB})
    return sent


def take_letter(*, actor: Actor, box: LetterBox, letter: LetterIn, channel: LetterChannel) -> Sent:
    """Enter a letter for who stands at the counter or calls. Raises as `send_letter` does."""
    refuse_marked(actor, f"{letter.title}\n{letter.text}", WHERE)
    return _take(actor=actor, box=box, letter=letter, channel=channel)


@verb("cases.take_letter", "代录来信")
def _take(*, actor: Actor, box: LetterBox, letter: LetterIn, channel: LetterChannel) -> Sent:
    """One transaction of `take_letter`."""
    require()
    sent = _made(box, letter, channel, Writer(letter.name, letter.contact, ""))
    record(f"letter:{sent.number}", detail={"channel": channel})
    return sent


def _category(box: LetterBox, letter: LetterIn) -> LetterCategory:
    found = box.category(letter.category)
    if found is None:
        raise Refused("letters.category", "没有选择来信类别。", "请从咨询、求助、投诉等类别中选择一类。")
    return found


def in_use(box: LetterBox) -> LetterBox:
    """A box with those rows of its table whose agency, or who took its place, stands today."""
    standing, now = {one.key for one in directory.agencies()}, successions.keepers(one.agency for one in box.routes)
    rows = (one.model_copy(update={"agency": now[one.agency]}) for one in box.routes)
    return box.model_copy(update={"routes": tuple(one for one in rows if one.agency in standing)})


def destination(box: LetterBox, letter: LetterIn) -> tuple[Met, set[str]]:
    """Where a letter goes, and whom it accuses: what it names, and in a report every agency that its text names.

    Raises Refused: letters.category, letters.region, letters.accused where nobody is left who may handle it.
    """
    category = _category(box, letter)
    if directory.region(letter.region) is None:
        raise Refused("letters.region", f"没有代码为 {letter.region} 的区划。", "请选择问题发生的地方。")
    agencies = directory.agencies()
    standing, box = {one.key for one in agencies}, in_use(box)
    if letter.accused and letter.accused not in standing:
        raise Refused("letters.accused", "没有这个被反映单位。", "请从单位列表中选择；列表中没有的，在正文中写明。")
    if not category.sealed:
        return rules.route(box, letter), set()
    names = [(one.key, name) for one in agencies for name in (one.name, one.short)]
    accused = rules.accused_in(f"{letter.title}\n{letter.text}", names) | ({letter.accused} - {""})
    accused |= {*successions.keepers(accused).values()}
    met = rules.route(box, letter, barred := store.with_below(accused))
    if met.agency in barred:
        raise Refused(
            "letters.accused", "受理单位都与被举报单位有关，本平台不便办理。", "请向纪检监察机关（12388）反映。"
        )
    return met, accused


def _made(box: LetterBox, letter: LetterIn, channel: LetterChannel, writer: Writer) -> Sent:
    met, accused = destination(box, letter)
    now, code = timezone.now(), secrets.token_hex(_CODE // 2).upper()
    number, category = store.next_number(now), _category(box, letter)
    row = Letter.objects.create(
        number=number, code=_digest(number, code), account="" if category.sealed else store.digest_of(writer.account),
        object=f"letter:{secrets.token_hex(8)}", box=box.key,
        category=category.key, channel=channel, region=letter.region, title=letter.title.strip(), text=letter.text.strip(),
        sealed=category.sealed, minor=rules.tells_of_minors(box, letter), consent=letter.consent and not category.sealed,
        route=met.route.key if met.route else "", why=met.why, state=LetterState.HANDLING, received_at=now,
    )  # fmt: skip
    LetterWriter.objects.create(letter=row, sealed=store.seal(writer))
    LetterAccused.objects.bulk_create(LetterAccused(letter=row, agency=one) for one in sorted(accused))
    open_round(box, row, {met.agency: ""})
    telling.tell_writer(row, telling.RECEIVED)
    return Sent(number, code, met)


def opening(row: Letter, agency: str) -> Opening:
    """A part for an agency: it lies in the agency's own region, so that its people reach it."""
    own = directory.agency(agency)
    return Opening(row.object, agency, own.region if own else settings.PROVINCE)


def open_round(box: LetterBox, row: Letter, asked: Mapping[str, str], *, designated: bool = False) -> None:
    """Open a letter's procedure with a part for each agency (and what it is asked). Nobody's name stands in it."""
    parts = tuple((box.part_procedure, opening(row, agency)) for agency in asked)
    case = procedures.open_case(
        actor=directory.anonymous(), procedure=box.procedure, object=row.object, agency=next(iter(asked)),
        region=row.region, parts=parts,
    )  # fmt: skip
    row.matter = case.id
    row.save(update_fields=["matter"])
    add_parts(box, row, asked, [one.case for one in case.state.parts], designated=designated)


def add_parts(
    box: LetterBox, row: Letter, asked: Mapping[str, str], matters: list[int], *, designated: bool = False
) -> None:
    """Note the parts that were opened, in the order of `asked`, and start the clock of each."""
    now = timezone.now()
    today = timezone.localdate(now)
    category = next(one for one in box.categories if one.key == row.category)
    term, sign = rule(category.term, today, row.region), rule("letters.sign.days", today).integer()
    made = LetterPart.objects.bulk_create(
        LetterPart(
            letter=row, agency=agency, task=task.strip(), round=row.round, matter=matter, state=PartState.SENT,
            designated=designated, sent_at=now, sign_by=now + timedelta(days=sign),
        )
        for (agency, task), matter in zip(asked.items(), matters, strict=True)
    )  # fmt: skip
    calendars.begin({matter: [Start(Kind.STATUTORY, today, term.term(), term.id)] for matter in matters})
    telling.tell_assigned(row, made)


def last_day_to_return(sent_at: datetime) -> date:
    """Until when a part may be returned as another's duty."""
    day = timezone.localdate(sent_at)
    return calendars.due(day, rule("letters.return.days", day).term()).date


def _digest(number: str, code: str) -> str:
    return hashlib.sha256(f"{number}:{code.strip().upper()}".encode()).hexdigest()


def _own(number: str, code: str) -> Letter:
    row = Letter.objects.select_for_update().filter(number=number.strip()).first()
    if row is None or not hmac.compare_digest(row.code, _digest(row.number, code)):
        raise Refused("letters.code", "编号和查询码对不上。", "请核对来信时给出的编号和查询码。")
    return row


def view(row: Letter, similar: tuple[Letter, ...] = ()) -> LetterView:
    """A letter with its parts; the caller has checked who looks."""
    ids = [row.pk, *(one.pk for one in similar)]
    every = {one.pk: (one, parts) for one, parts in store.with_parts(Letter.objects.filter(pk__in=ids))}
    letter, parts = every[row.pk]
    return LetterView(
        store.line(letter, parts), letter.text, LetterChannel(letter.channel), letter.sealed, letter.minor,
        letter.consent, tuple(one.agency for one in letter.accused.all()), letter.route, letter.why, letter.declined,
        parts, tuple(Rated(one.round, one.satisfied, one.words, one.at) for one in letter.ratings.all()),
        letter.published, tuple(store.line(*every[one.pk]) for one in similar),
    )  # fmt: skip


def follow_letter(*, number: str, code: str) -> LetterView:
    """A letter for its writer, who has its number and code; journalled as nobody's. Raises Refused letters.code."""
    return _follow(actor=directory.anonymous(), number=number, code=code)


@verb("cases.follow_letter", "查询来信", reads=True)
def _follow(*, actor: Actor, number: str, code: str) -> LetterView:
    """One transaction of `follow_letter`."""
    require()
    row = _own(number, code)
    record(f"letter:{row.number}")
    return view(row)


def rate_letter(*, actor: Actor, number: str, code: str, satisfied: bool, words: str = "") -> LetterView:
    """Rate the answer. Not satisfied, for the first time: the letter is reopened, once, at who answered it.

    Raises Refused: letters.code, letters.not_answered, letters.rated, letters.words, classified.*.
    """
    refuse_marked(actor, words, WHERE)
    return _rate(actor=directory.anonymous(), number=number, code=code, satisfied=satisfied, words=words)


@verb("cases.rate_letter", "评价来信答复")
def _rate(*, actor: Actor, number: str, code: str, satisfied: bool, words: str) -> LetterView:
    """One transaction of `rate_letter`; who holds the code is the writer, whoever has signed in."""
    require()
    return rated(_own(number, code), satisfied, words)


def rated(row: Letter, satisfied: bool, words: str) -> LetterView:
    """Note, inside a verb, what the writer of a letter thinks of its answer; the caller has seen that it is the writer."""
    rounds = set(row.ratings.values_list("round", flat=True))
    rules.check_rating(LetterState(row.state), rounds, row.round, satisfied, words)
    LetterRating.objects.create(
        letter=row, round=row.round, satisfied=satisfied, words=words.strip(), at=timezone.now()
    )
    if not satisfied and row.round == 1:
        asked = _asked_again(row)
        row.round, row.state = 2, LetterState.HANDLING
        row.save(update_fields=["round", "state"])
        open_round(BOXES[row.box], row, asked, designated=True)
        telling.tell_writer(row, telling.REOPENED)
    record(f"letter:{row.number}", detail={"satisfied": satisfied, "round": row.round})
    return view(row)


def _asked_again(row: Letter) -> dict[str, str]:
    """Who answers a letter once more, and what: those who answered, or who took their place; the leader for an accused one."""
    answered = row.parts.filter(round=1, state=PartState.DONE).order_by("pk").values_list("agency", "task")
    now, barred = successions.keepers(agency for agency, _task in answered), store.with_below(store.accused(row))
    asked: dict[str, list[str]] = {}
    for agency, task in answered:
        keeper = now[agency]
        asked.setdefault(telling.leader(BOXES[row.box], row) if keeper in barred else keeper, []).append(task)
    return {agency: "；".join(one for one in tasks if one) for agency, tasks in asked.items()}


def similar_within() -> timedelta:
    return timedelta(days=rule("letters.similar.days", timezone.localdate()).integer())
