"""When a file of an agreement was last fetched to its end, and when its owner withdrew it."""

from __future__ import annotations

from django.db import migrations

FORTH = """
alter table exchange_file add fetched_at timestamptz, add withdrawn_at timestamptz;
create index exchange_file_agreement on exchange_file (agreement, id);
create index exchange_file_expires on exchange_file (expires) where octet_length(token) > 0;
"""
BACK = """
drop index exchange_file_expires, exchange_file_agreement;
alter table exchange_file drop fetched_at, drop withdrawn_at;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0008_versions_within_requests")]
    operations = [migrations.RunSQL(FORTH, BACK)]
