"""Which agency took which one's place (机构改革): a fact that is added once, and asked by whoever looks for who answers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Succession(models.Model):
    """One agency took another's place, by the document that ordered it. Rows are only added."""

    agency = models.TextField(unique=True)
    successor = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()
    person = models.TextField()
    person_name = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="succession_by_another", condition=~Q(agency=F("successor"))),
            models.CheckConstraint(name="succession_says_why", condition=~Q(reason="")),
        ]
