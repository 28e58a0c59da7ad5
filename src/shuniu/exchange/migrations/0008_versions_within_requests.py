"""No version of an agreement gives more than the request that it answers asked for: the owner may only narrow."""

from __future__ import annotations

from django.db import migrations

FORTH = """
create function exchange_version_within() returns trigger language plpgsql as $$
begin
    if not exists (
        select from exchange_share_request r
        where r.id = new.request_id
          and new.items <@ r.items and new.purposes <@ r.purposes
          and new.rate <= r.rate and new.quota_calls <= r.quota_calls and new.quota_rows <= r.quota_rows
          and new.valid_from >= r.valid_from and new.valid_until <= r.valid_until
          and (new.regions = '{}') = (r.regions = '{}')
          and not exists (
              select from unnest(new.regions) given
              where not exists (select from unnest(r.regions) asked where starts_with(given, asked))
          )
    ) then
        raise exception 'agreement % version % gives more than request % asked for',
            new.agreement_id, new.number, new.request_id using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger exchange_agreement_version_within before insert on exchange_agreement_version
    for each row execute function exchange_version_within();
"""
BACK = """
drop trigger exchange_agreement_version_within on exchange_agreement_version;
drop function exchange_version_within();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0007_calls_in_entries")]
    operations = [migrations.RunSQL(FORTH, BACK)]
