"""Why calls got no answer: counted by the hour, connection and rule."""

from __future__ import annotations

from django.db import migrations

FORTH = """
create table exchange_failure (
    resource text not null,
    agency text not null,
    rule text not null,
    hour timestamptz not null,
    calls integer not null check (calls > 0),
    primary key (resource, agency, rule, hour)
);
create index exchange_failure_hour on exchange_failure (hour);
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0011_live_by_certificate")]
    operations = [migrations.RunSQL(FORTH, "drop table exchange_failure")]
