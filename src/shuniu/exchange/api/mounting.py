"""Tables for what was published, before anything is taken into them."""

from __future__ import annotations

import logging

from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.registries import api as registries

log = logging.getLogger(__name__)


def mount_published() -> None:
    """Make or widen the table of every version that was published since. One that fails is logged and holds up no other."""
    actor = directory.system("worker")
    for published in catalogue.to_mount():
        try:
            registries.mount_new(actor=actor, published=published)
        except Exception:
            log.exception("could not mount %s version %s", published.resource.key, published.version)
