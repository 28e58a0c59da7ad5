"""What ends with its holder: all certificates of an account that is closed."""

from __future__ import annotations

from django.utils import timezone

from shuniu.trust.certificates import models, rules, store
from shuniu.trust.declare import Actor


def revoke_all_of(actor: Actor, holder: str, reason: str) -> tuple[int, ...]:
    """End every certificate of a holder (`officer:12`) at once and for good; their numbers.

    Called inside the verb that closes the account, which journals them. Raises Refused trust.reason.
    """
    rules.check_reason(reason)
    found = models.Certificate.objects.select_for_update(of=("self",)).filter(holder=holder, revoked_at=None)
    numbers = tuple(found.order_by("pk").values_list("pk", flat=True))
    if numbers:
        ended = models.Certificate.objects.filter(pk__in=numbers)
        ended.update(revoked_at=timezone.now(), revoked_by=actor.name, reason=reason)
        store.touch()
    return numbers
