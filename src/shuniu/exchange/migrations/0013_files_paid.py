"""How many bytes of a file may still go out for the call that was counted when its fetching began."""

from __future__ import annotations

from django.db import migrations

FORTH = "alter table exchange_file add paid bigint not null default 0 check (paid >= 0);"
BACK = "alter table exchange_file drop paid;"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0012_failures_by_rule")]
    operations = [migrations.RunSQL(FORTH, BACK)]
