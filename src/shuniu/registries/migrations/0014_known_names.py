"""Only names of known subjects are searched: the many that unknown rows bring need no place in the indexes for that."""

from django.db import migrations, models

NARROWER = """
update registries_name n set known = true from registries_subject s where s.id = n.subject_id and s.known;
drop index registries_name_start;
create index registries_name_start on registries_name (key text_pattern_ops) where kind = 'legal' and known;
do $$ begin
    if to_regclass('registries_name_part') is not null then
        drop index registries_name_part;
        create index registries_name_part on registries_name using gin (key gin_trgm_ops) where kind = 'legal' and known;
    end if;
end $$;
"""
WIDER = """
drop index registries_name_start;
create index registries_name_start on registries_name (key text_pattern_ops) where kind = 'legal';
do $$ begin
    if to_regclass('registries_name_part') is not null then
        drop index registries_name_part;
        create index registries_name_part on registries_name using gin (key gin_trgm_ops) where kind = 'legal';
    end if;
end $$;
"""


class Migration(migrations.Migration):

    dependencies = [('registries', '0013_register')]

    operations = [
        migrations.AddField('name', 'known', models.BooleanField(default=False, db_default=False)),
        migrations.RunSQL(NARROWER, WIDER),
    ]
