"""The journal entry as the ORM reads it; its table, leaves, heads and readings are made and written in SQL (`store`)."""

from __future__ import annotations

from django.db import models

from shuniu.trust.certificates.models import Certificate, Escrow, Invitation, Release, RevocationList

__all__ = ["Certificate", "Entry", "Escrow", "Invitation", "Release", "RevocationList"]


class Entry(models.Model):
    """One act: who, under which agency, which verb, on what, with what outcome. Order is given later by its leaf."""

    at = models.DateTimeField()
    person = models.TextField()
    person_name = models.TextField()
    agency = models.TextField()
    agency_name = models.TextField()
    verb = models.TextField()
    outcome = models.TextField()
    object = models.TextField()
    detail = models.JSONField()

    class Meta:
        managed = False
        db_table = "trust_entry"
