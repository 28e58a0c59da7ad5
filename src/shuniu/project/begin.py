"""Django, made ready for one process: every command, job and sandbox begins so."""

from __future__ import annotations

import gc

import django


def begin() -> None:
    """Load the settings and every engine. What is loaded stays to the end: to look among it for garbage is a fifth of it."""
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()
