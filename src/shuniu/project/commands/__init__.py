"""The commands, a module per room; each has `register(commands)`."""

from __future__ import annotations

from shuniu.project.commands import (
    bench,
    catalogue,
    instance,
    journal,
    match,
    migrating,
    reconciling,
    reference,
    report,
    running,
    submissions,
)

REGISTER = (
    running.register,
    instance.register,
    catalogue.register,
    submissions.register,
    reconciling.register,
    match.register,
    report.register,
    migrating.register,
    journal.register,
    bench.register,
    reference.register,
)
