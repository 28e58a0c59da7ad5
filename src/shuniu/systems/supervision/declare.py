"""The supervision rules of the province, J01 to J07: what is looked at, which dated rule gives its limit, which card.

They speak of whatever runs in procedures: applications, objections, doubtful matches, repairs, reviews, documents, letters.
No national text gives numbers; the triggers are those of Guangdong (2007) and of municipal rules. Law gives the limits
of taking up and correcting (行政许可法 art. 32), of delivering (art. 44) and of hearings (art. 47); the others are the
platform's own defaults. What is not here: a material asked for that the platform has is refused when the item is published,
and a case cannot be deleted (J05 of the municipal rules).
"""

from __future__ import annotations

from shuniu.assessment import api
from shuniu.assessment.declare import CardRule, Check, Level
from shuniu.cases.declare.timing import DELIVER, PAYMENT
from shuniu.procedures.calendars.declare import Kind
from shuniu.procedures.declare import CORRECTION

_APPLICANTS = (CORRECTION, "退回发起人", PAYMENT)
"""Stops that wait for the applicant, whose time is no officer's fault."""
_RATING = "rating"
"""A bad rating that is to be put right has a rule of its own."""
_LETTER = "letter"
"""Its one stage with a term, 签收, lasts a day: whoever gets one was told so just now."""

RULES = api.register(
    (
        CardRule(
            key="J01.promised", title="承诺时限临近", level=Level.REMINDER, check=Check.NEAR, clocks=(Kind.PROMISED,),
            limit="supervision.remind.days",
        ),
        CardRule(
            key="J01.statutory", title="法定时限临近", level=Level.REMINDER, check=Check.NEAR, clocks=(Kind.STATUTORY,),
            limit="supervision.remind.days",
        ),
        CardRule(
            key="J01.own", title="规定时限临近", level=Level.REMINDER, check=Check.NEAR, clocks=(Kind.STATUTORY,), own=True,
            limit="supervision.remind.days",
        ),
        CardRule(
            key="J01.stage", title="环节时限临近", level=Level.REMINDER, check=Check.NEAR, clocks=(Kind.STAGE,),
            limit="supervision.remind.days", elsewhere=(_LETTER,),
        ),
        CardRule(key="J02.promised", title="超过承诺时限", level=Level.YELLOW, check=Check.PAST, clocks=(Kind.PROMISED,)),
        CardRule(
            key="J02.own", title="超过规定时限", level=Level.YELLOW, check=Check.PAST, clocks=(Kind.STATUTORY,), own=True,
            elsewhere=(_RATING,),
        ),
        CardRule(key="J02.stage", title="环节超时", level=Level.YELLOW, check=Check.PAST, clocks=(Kind.STAGE,)),
        CardRule(
            key="J02.not_taken_up", title="逾期未受理也未告知", level=Level.YELLOW, check=Check.NOT_TAKEN_UP,
            limit="supervision.taken_up.days",
        ),
        CardRule(
            key="J03.statutory", title="超过法定时限", level=Level.RED, check=Check.PAST, clocks=(Kind.STATUTORY,),
            elsewhere=(_RATING,),
        ),
        CardRule(
            key="J03.own", title="严重超过规定时限", level=Level.RED, check=Check.PAST, clocks=(Kind.STATUTORY,), own=True,
            limit="supervision.overrun.days", elsewhere=(_RATING,),
        ),
        CardRule(
            key="J03.deliver", title="逾期未颁发、送达证照", level=Level.RED, check=Check.PAST, clocks=(Kind.STAGE,),
            stages=(DELIVER,),
        ),
        CardRule(
            key="J03.promised", title="严重超过承诺时限", level=Level.RED, check=Check.PAST, clocks=(Kind.PROMISED,),
            limit="supervision.overrun.days",
        ),
        CardRule(
            key="J03.unanswered", title="黄牌逾期未说明", level=Level.RED, check=Check.UNANSWERED,
            limit="supervision.answer.days",
        ),
        CardRule(key="J04.reason", title="不同意没有说明理由", level=Level.YELLOW, check=Check.UNREASONED),
        CardRule(key="J04.returned", title="退回没有说明理由", level=Level.YELLOW, check=Check.SENT_BACK),
        CardRule(
            key="J04.correction", title="逾期告知补正", level=Level.YELLOW, check=Check.LATE_CORRECTION,
            limit="supervision.correction.days",
        ),
        CardRule(
            key="J04.again", title="补正没有一次告知", level=Level.YELLOW, check=Check.CORRECTED_AGAIN,
            limit="supervision.correction.times",
        ),
        CardRule(key="J05.fee", title="收费没有标准", level=Level.RED, check=Check.CHARGE),
        CardRule(key="J05.over", title="收费超过标准", level=Level.RED, check=Check.OVERCHARGE),
        CardRule(
            key="J06.hearing", title="听证超过期限", level=Level.YELLOW, check=Check.LONG_STOP, stops=("听证",),
            limit="supervision.special.hearing.days",
        ),
        CardRule(
            key="J06.special", title="特别程序超过期限", level=Level.YELLOW, check=Check.LONG_STOP,
            spared=("听证", *_APPLICANTS), limit="supervision.special.days",
        ),
        CardRule(
            key="J06.late", title="到期以后才启动特别程序", level=Level.YELLOW, check=Check.LATE_STOP, spared=_APPLICANTS
        ),
        CardRule(
            key="J07.rating", title="差评逾期未整改", level=Level.YELLOW, check=Check.PAST, clocks=(Kind.STATUTORY,),
            about=(_RATING,),
        ),
        CardRule(
            key="J07.rating.own", title="差评逾期未整改", level=Level.YELLOW, check=Check.PAST, clocks=(Kind.STATUTORY,),
            own=True, about=(_RATING,),
        ),
    )
)  # fmt: skip
