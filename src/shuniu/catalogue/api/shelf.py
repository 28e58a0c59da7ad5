"""What is published as a relation, for statements of the engines above that filter the catalogue by what they know."""

from __future__ import annotations

from shuniu.base.expressions.sql import Sql

PUBLISHED = Sql(
    "(select r.key, r.agency, v.number as version, v.declaration ->> 'title' as title,"
    " v.declaration ->> 'share' as share from catalogue_resource r"
    " join catalogue_version v on v.resource_id = r.id and v.state = 'published')",
    (),
)
"""Key, provider, number of the published version, title and share type (`ShareType`'s value) of every resource."""
