"""A live interface is declared by its provider's certificate: a bare key is nobody's, and is never revoked."""

from __future__ import annotations

from django.db import migrations

FORTH = """
alter table exchange_live add column certificate bigint;
update exchange_live l set certificate = k.id from trust_certificate k
where k.public = l.public and k.purpose = 'sign' and k.agency = split_part(l.resource, '/', 1);
update exchange_live set ended_at = clock_timestamp(), ended_by = 'system:install'
where certificate is null and ended_at is null;
alter table exchange_live drop column public,
    add constraint exchange_live_certified check (certificate is not null or ended_at is not null);
"""
BACK = """
alter table exchange_live add column public bytea;
update exchange_live l set public = coalesce((select k.public from trust_certificate k where k.id = l.certificate), '');
alter table exchange_live drop column certificate, alter column public set not null;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0010_uploads"), ("trust", "0005_certificates")]
    operations = [migrations.RunSQL(FORTH, BACK)]
