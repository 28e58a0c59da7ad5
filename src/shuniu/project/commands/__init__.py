"""The commands, a module per room; each has `register(commands)`."""

from __future__ import annotations

from shuniu.project.commands import (
    bench,
    catalogue,
    evidence,
    instance,
    journal,
    match,
    migrating,
    node,
    reconciling,
    reference,
    report,
    running,
    submissions,
    trust,
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
    trust.register,
    node.register,
    evidence.register,
    bench.register,
    reference.register,
)
