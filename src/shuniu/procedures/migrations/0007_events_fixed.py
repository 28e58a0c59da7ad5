"""The events of a case are the truth: they are only ever added, and each is one of the moves that there are."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

VERBS = [
    "提出", "交办", "领办", "退领", "同意", "不同意", "转办", "退回", "终止", "前加签", "后加签", "委派", "减签", "撤回",
    "撤回申请", "重新提交", "挂起", "恢复", "催办", "传阅", "已阅", "督办", "解除督办", "定环节", "分办", "分项办结",
    "离岗交回", "承接", "换版",
]  # fmt: skip
FIXED = """
create function procedures_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '只增不改 (% is append-only)', tg_table_name;
end $$;
create trigger procedures_event_fixed before update or delete or truncate on procedures_event
    for each statement execute function procedures_refuse_change();
"""
LOOSE = """
drop trigger procedures_event_fixed on procedures_event;
drop function procedures_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procedures", "0006_next_due")]
    operations: ClassVar = [
        migrations.AddConstraint("event", models.CheckConstraint(name="event_is_a_move", condition=Q(verb__in=VERBS))),
        migrations.RunSQL(FIXED, LOOSE),
    ]
