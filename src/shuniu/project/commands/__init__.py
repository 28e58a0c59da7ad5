"""The commands, a module per room; each has `register(commands)`."""

from __future__ import annotations

from shuniu.project.commands import journal, running, submissions

REGISTER = (running.register, submissions.register, journal.register)
