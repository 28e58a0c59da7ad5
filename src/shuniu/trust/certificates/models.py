"""Tables of certificates: what was issued or brought, invitations, encryption keys held in escrow, what was released."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q


class Certificate(models.Model):
    """One certificate, of our own authority or a licensed one. A key has one certificate; rows are never deleted."""

    key_id = models.TextField()
    suite = models.TextField()
    source = models.TextField()  # own · licensed
    issuer = models.TextField()  # the id of the issuing authority's key
    serial = models.TextField()  # hex, small letters
    kind = models.TextField()
    purpose = models.TextField()
    holder = models.TextField()
    name = models.TextField()
    agency = models.TextField()
    organisation = models.TextField()
    public = models.BinaryField()
    der = models.BinaryField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    issued_at = models.DateTimeField()
    issued_by = models.TextField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="successor")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(default="")
    reason = models.TextField(default="")

    class Meta:
        db_table = "trust_certificate"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key_id"], name="trust_certificate_key"),
            models.UniqueConstraint(
                fields=["serial", "issuer"], opclasses=["text_pattern_ops", "text_ops"], name="trust_certificate_serial"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["agency", "node", "officer", "citizen", "firm"], purpose__in=["sign", "encrypt"]),
                name="trust_certificate_kind",
            ),
            models.CheckConstraint(condition=Q(not_after__gt=F("not_before")), name="trust_certificate_span"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, reason="") | (Q(revoked_at__isnull=False) & ~Q(reason="")),
                name="trust_certificate_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["name", "id"], opclasses=["text_pattern_ops", "int8_ops"], name="trust_certificate_name"
            ),
            models.Index(Func(F("der"), function="sha256"), name="trust_certificate_print"),
            models.Index(fields=["holder", "id"], name="trust_certificate_holder"),
            models.Index(fields=["agency", "id"], name="trust_certificate_agency"),
            models.Index(fields=["not_after", "id"], condition=Q(revoked_at=None), name="trust_certificate_expiry"),
            models.Index(fields=["issuer"], condition=Q(revoked_at__isnull=False), name="trust_certificate_revoked"),
        ]


class Invitation(models.Model):
    """A code by which an agency's machine joins once; only its SHA-256 is kept (80 random bits)."""

    digest = models.BinaryField(unique=True)
    agency = models.TextField()
    agency_name = models.TextField()
    suite = models.TextField()
    made_by = models.TextField()
    made_at = models.DateTimeField()
    expires = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    certificate = models.ForeignKey(Certificate, null=True, on_delete=models.PROTECT)

    class Meta:
        db_table = "trust_invitation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(used_at=None, certificate=None) | Q(used_at__isnull=False, certificate__isnull=False),
                name="trust_invitation_used",
            ),
        ]


class Escrow(models.Model):
    """The private half of an encryption certificate, sealed under the centre's key."""

    certificate = models.OneToOneField(Certificate, primary_key=True, on_delete=models.PROTECT)
    sealed = models.BinaryField()

    class Meta:
        db_table = "trust_escrow"


class Release(models.Model):
    """An escrowed key asked for, and approved by another person: the database itself refuses one's own approval."""

    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT)
    reason = models.TextField()
    asked_by = models.TextField()
    asked_name = models.TextField()
    asked_at = models.DateTimeField()
    approved_by = models.TextField(default="")
    approved_name = models.TextField(default="")
    approved_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_release"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(approved_by=F("asked_by")), name="trust_release_two_people"),
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(approved_at__isnull=False), name="trust_release_approved"
            ),
        ]


class RevocationList(models.Model):
    """The newest list of a suite's authority; `stamp` is what the revoked stood at when it was made."""

    suite = models.TextField(primary_key=True)
    number = models.BigIntegerField()
    stamp = models.BigIntegerField()
    made_at = models.DateTimeField()
    next_update = models.DateTimeField()
    der = models.BinaryField()

    class Meta:
        db_table = "trust_revocation_list"


class LicensedList(models.Model):
    """The newest revocation list that was taken of a licensed authority, and until when it holds; `issuer` is its key's id."""

    issuer = models.TextField(primary_key=True)
    number = models.DecimalField(max_digits=48, decimal_places=0, null=True)
    issued_at = models.DateTimeField(null=True)
    next_update = models.DateTimeField()
    taken_at = models.DateTimeField()
    taken_by = models.TextField()

    class Meta:
        db_table = "trust_licensed_list"
