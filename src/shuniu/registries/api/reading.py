"""Reading what is stored: batches, rows, subjects. The engine above has required the right, and records the reading."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from shuniu.base.expressions.sql import Sql
from shuniu.base.text import legal_name_key, person_name_key
from shuniu.catalogue.declare import Published
from shuniu.registries import facts
from shuniu.registries.declare import BatchInfo, Counts, Placed, Row, SubjectView
from shuniu.registries.models import Batch
from shuniu.registries.store import history, subject_rows, subjects


def batch_on(published: Published, moment: datetime) -> int:
    """The batch that was the newest at a moment (0: none yet): what "as of that day" is asked with."""
    found = Batch.objects.filter(table_id=published.table, at__lte=moment).order_by("-number").first()
    return found.number if found else 0


def batches(published: Published, limit: int = 100) -> list[BatchInfo]:
    """The newest batches of a resource."""
    found = Batch.objects.filter(table_id=published.table).order_by("-number")[:limit]
    return [BatchInfo(b.number, b.at, b.kind, b.source, _counts(b)) for b in found]


def _counts(batch: Batch) -> Counts:
    return Counts(**{name: getattr(batch, name) for name in Counts.__dataclass_fields__})


def rows(
    published: Published,
    *,
    subjects: list[int] | None = None,
    as_of: int | None = None,
    batch: int | None = None,
    region: str = "",
    limit: int = 200,
    after: int = 0,
) -> list[Row]:
    """Rows of a resource: current or as of a batch number; of some subjects, of one batch, or of a region."""
    return history.rows(published, subjects=subjects, as_of=as_of, batch=batch, region=region, limit=limit, after=after)


def rows_of(
    subjects: Sequence[int], published: Sequence[Published], where: Mapping[str, Sql] | None = None
) -> dict[str, list[Row]]:
    """The current rows of some subjects (all members of a root) in many resources, by resource key; keys without rows are absent.

    No statement names more than 100 resource tables. `where` narrows a resource's rows by key: a compiled expression
    (`base.expressions.sql.where`) over the alias `t`. Pass it for every resource whose disclosure is limited.
    """
    return subject_rows.rows_of(subjects, published, where or {})


def subject_rows_of(
    subject: int, published: Sequence[Published], where: Mapping[str, Sql] | None = None
) -> dict[str, list[Row]]:
    """The current rows of a subject and all that is one with it, in those of the resources where it may have any."""
    one = subjects.members(subject)
    tables = subject_rows.where_rows(one)
    return subject_rows.rows_of(one, [each for each in published if each.table in tables], where or {})


def members(subject: int) -> tuple[int, ...]:
    """Every subject that is one with this one, itself among them; empty for an unknown id."""
    return subjects.members(subject)


def names_of(numbers: Collection[int]) -> dict[int, tuple[str, str]]:
    """Kind and name of each of these subjects, as its own id has them; unknown ids are left out. The caller shows nobody."""
    return {one: (kind, name) for one, (kind, name, _, _) in subjects.display(list(numbers)).items()}


def find_subject(kind: str, value: str) -> int | None:
    """The root of the subject that answers to an identifier (an `IdentifierKind` and its canonical value); None: nobody.

    None also when several contend for the number: then people decide and nobody guesses.
    """
    return subjects.find(kind, value)


def find_named(kind: str, value: str, name: str) -> SubjectView | None:
    """The subject that answers to an identifier and bears this very name, or bore it; None: nobody, or the name is another's."""
    number = find_subject(kind, value)
    held = subject(number) if number is not None else None
    if held is None:
        return None
    key = person_name_key if held.kind == "natural" else legal_name_key
    wanted = key(name)
    return held if wanted and wanted in {key(one) for one in (held.name, *held.names)} else None


def search_subjects(text: str, limit: int = 20) -> list[SubjectView]:
    """Known legal persons by the beginning of a public code or a part of a name, former names too; never natural persons."""
    wanted = text.strip()
    if len(wanted) < 2:
        return []
    found = subjects.search_legal(wanted, facts.search_key(wanted), limit)
    return [view for one in found if (view := subject(one)) is not None]


def subject(number: int) -> SubjectView | None:
    """A subject as known now, under its root; None for an unknown id. Identifiers are whole: callers mask them."""
    one = subjects.members(number)
    if not one:
        return None
    held = subjects.display(one)
    root = held[number][3]
    kind, name, known, _ = held[root]
    identifiers = tuple(dict.fromkeys((kind_, value) for kind_, value, _ in subjects.identifiers(one)))
    names = tuple(dict.fromkeys(description[0] for description in subjects.descriptions(one)))
    return SubjectView(root, kind, name, known, identifiers, one, names=names)


def placed(published: Published) -> Iterator[Placed]:
    """Where every current row of a resource stands, in order of batch and line, a chunk at a time."""
    return subject_rows.placed(published)
