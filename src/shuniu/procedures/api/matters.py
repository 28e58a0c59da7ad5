"""Whether a case makes a question needed: for the gateway, which asks it together with all else that it decides by."""

from __future__ import annotations

IN_HAND = b"""
select exists (
    select from procedures_case c, (select %s::text as object, %s::text as agency) asked
    where c.object = asked.object and c.outcome = '' and (c.agency = asked.agency or exists (
        select from procedures_task t where t.case_id = c.id and t.agency = asked.agency and t.open))
)
"""
"""Whether a case runs and is in the hands of an agency. Values: the case's object, the agency."""
