"""Notices are everybody's: what the exchange had told goes over to the engine of that name."""

from __future__ import annotations

from django.db import migrations

MOVE = """
create temporary table exchange_told on commit drop as
    select id, gen_random_uuid() as key, agency, person, kind, object, text, at, read_at, read_by, once from exchange_notice;
insert into notices_notice (
    key, template, person, agency, capability, object, title, title_en, text, text_en, owner, in_inbox, at, read_at, read_by, once
)
select key, 'exchange.' || case when zh is null then 'other' else kind end,
    case when kind = 'secrecy' then '' else person end,
    case when kind = 'secrecy' or person <> '' then '' else agency end,
    case when kind = 'secrecy' then 'exchange.read_secrecy_alert' else '' end,
    object, coalesce(zh, '通知'), coalesce(en, 'Notice'), text, text, case when kind = 'secrecy' then '' else agency end,
    true, at, read_at, read_by, once
from exchange_told left join (values
    ('overdue', '报送催办', 'Submission reminder'), ('refused', '整批拒收', 'Batch refused'),
    ('held', '待第二人复核', 'Awaiting second reviewer'), ('recalled', '批次撤回', 'Batch recalled'),
    ('objection', '数据异议', 'Data objection'), ('correction', '数据更正', 'Data correction'),
    ('repair', '信用修复', 'Credit repair'), ('secrecy', '保密告警', 'Secrecy alarm')
) titles (word, zh, en) on word = kind
order by exchange_told.id;
insert into notices_delivery (
    notice_id, channel, reference, masked, title, text, urgent, fleeting, state, attempts, said, at
)
select id, 'inbox', replace(key::text, '-', '') || '.inbox', '', '', '', false, false, 'delivered', 0, '', at
from notices_notice where key in (select key from exchange_told);
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_receipt_notes"), ("notices", "0001_notices")]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel("Notice"),
    ]
