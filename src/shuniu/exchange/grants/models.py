"""Tables of grants: requests and their answers item by item, agreements with their versions, what was used of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

LIVE = ("in_force", "suspended")
"""States of an agreement that may still give something; the others are its end."""


class _Terms(models.Model):
    """What is asked for, and what is granted: items, purposes, bases, rows, amounts, time."""

    items = ArrayField(models.TextField())
    purposes = ArrayField(models.TextField())  # keys of the legal list (`share.purpose.*` of the rule pack)
    laws = ArrayField(models.TextField())  # the bases: laws[n] with its articles[n]
    articles = ArrayField(models.TextField())
    regions = ArrayField(models.TextField(), default=list)  # code prefixes; none where the resource has no region item
    rate = models.IntegerField()  # calls a minute
    quota_calls = models.BigIntegerField()  # a day
    quota_rows = models.BigIntegerField()  # a day
    valid_from = models.DateField()
    valid_until = models.DateField()  # the last day

    class Meta:
        abstract = True


def _whole(name: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(name=f"{name}_says_what_and_what_for", condition=~Q(items=[]) & ~Q(purposes=[])),
        models.CheckConstraint(
            name=f"{name}_bases_in_pairs",
            condition=Q(laws__len__gt=0) & Q(laws__len=F("articles__len")),
        ),
        models.CheckConstraint(
            name=f"{name}_limits", condition=Q(rate__gt=0) & Q(quota_calls__gt=0) & Q(quota_rows__gt=0)
        ),
        models.CheckConstraint(name=f"{name}_ends_after_it_begins", condition=Q(valid_until__gte=F("valid_from"))),
    ]


class ShareRequest(_Terms):
    """That an agency asks for a resource, or for other terms of its `agreement`, and what became of it."""

    consumer = models.TextField()
    resource = models.TextField()
    version = models.IntegerField()  # of the resource, as it stood when it was asked for
    owner = models.TextField()
    agreement = models.ForeignKey("Agreement", on_delete=models.PROTECT, null=True, related_name="requests")
    use = models.TextField()  # the matter that it is needed for, in words
    person = models.TextField()
    person_name = models.TextField()
    asked_at = models.DateTimeField(auto_now_add=True)
    case = models.BigIntegerField(null=True)  # none: conditions were met and nobody had to decide
    state = models.TextField(default="asked")
    decided_by = models.TextField(default="")  # empty: the platform, by rule
    decided_name = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")

    class Meta:
        db_table = "exchange_share_request"
        constraints = [
            *_whole("share_request"),
            models.CheckConstraint(
                name="share_request_state", condition=Q(state__in=["asked", "granted", "partial", "refused", "withdrawn"])
            ),
            models.CheckConstraint(
                name="share_request_two_people", condition=Q(decided_by="") | Q(state="withdrawn") | ~Q(decided_by=F("person"))
            ),
            models.UniqueConstraint(
                fields=["consumer", "resource", "agreement"], condition=Q(state="asked"), nulls_distinct=False,
                name="share_request_open_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["consumer", "-id"], name="share_request_by_consumer"),
            models.Index(fields=["owner", "-id"], name="share_request_by_owner"),
            models.Index(fields=["-id"], condition=Q(state="asked"), name="share_request_waiting"),
        ]


class ShareAnswer(models.Model):
    """What was said to one item that was asked for: granted whole, granted masked, or refused with its reasons."""

    request = models.ForeignKey(ShareRequest, on_delete=models.PROTECT, related_name="answers")
    item = models.TextField()
    answer = models.TextField()
    facts = models.TextField(default="")
    law = models.TextField(default="")
    article = models.TextField(default="")
    forward = models.TextField(default="")  # what the asker can do now

    class Meta:
        db_table = "exchange_share_answer"
        constraints = [
            models.UniqueConstraint(fields=["request", "item"], name="share_answer_of_an_item_once"),
            models.CheckConstraint(
                name="share_answer_refusal_says_why",
                condition=Q(answer__in=["whole", "masked"])
                | (Q(answer="refused") & ~Q(facts="") & ~Q(law="") & ~Q(article="") & ~Q(forward="")),
            ),
        ]


class Agreement(models.Model):
    """That an agency may use another's resource. Its terms are those of the version it names, and no other's."""

    consumer = models.TextField()
    resource = models.TextField()
    owner = models.TextField()
    state = models.TextField(default="in_force")
    version = models.IntegerField(default=1)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "exchange_agreement"
        constraints = [
            models.CheckConstraint(
                name="agreement_state", condition=Q(state__in=[*LIVE, "revoked", "given_up", "expired"])
            ),
            models.CheckConstraint(name="agreement_between_two", condition=~Q(consumer=F("owner"))),
        ]
        indexes = [
            models.Index(fields=["consumer", "resource"], name="agreement_by_consumer"),
            models.Index(fields=["owner", "-id"], name="agreement_by_owner"),
            models.Index(fields=["resource"], name="agreement_by_resource"),
        ]


class AgreementVersion(_Terms):
    """The terms of an agreement from one decision to the next; never changed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.IntegerField()
    request = models.ForeignKey(ShareRequest, on_delete=models.PROTECT, related_name="versions")
    masked = ArrayField(models.TextField(), default=list)  # those of `items` that are seen masked
    granted_by = models.TextField(default="")  # who decided, and may not use it; empty: the platform, by rule
    granted_name = models.TextField(default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "exchange_agreement_version"
        constraints = [
            *_whole("agreement_version"),
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_number"),
            models.CheckConstraint(
                name="agreement_version_masks_what_it_grants", condition=Q(items__contains=F("masked"))
            ),
        ]


class AgreementPurpose(models.Model):
    """Where the look-up begins: for one purpose an agency has at most one agreement about a resource that is live."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="uses")
    consumer = models.TextField()
    resource = models.TextField()
    purpose = models.TextField()
    live = models.BooleanField(default=True)

    class Meta:
        db_table = "exchange_agreement_purpose"
        constraints = [
            models.UniqueConstraint(
                fields=["consumer", "resource", "purpose"], condition=Q(live=True), name="agreement_live_once"
            ),
            models.UniqueConstraint(fields=["agreement", "purpose"], name="agreement_purpose_once"),
        ]
        indexes = [
            models.Index(fields=["consumer", "resource", "purpose", "-live", "-agreement"], name="agreement_look_up")
        ]


class AgreementEvent(models.Model):
    """One thing that happened to an agreement: who, when, why."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="events")
    what = models.TextField()
    version = models.IntegerField()
    person = models.TextField()
    person_name = models.TextField()
    agency = models.TextField(default="")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(default="")

    class Meta:
        db_table = "exchange_agreement_event"
        constraints = [
            models.CheckConstraint(
                name="agreement_event_kind",
                condition=Q(what__in=["made", "changed", "suspended", "resumed", "revoked", "given_up", "expired"]),
            ),
            models.CheckConstraint(
                name="agreement_event_says_why",
                condition=~Q(what__in=["suspended", "resumed", "revoked", "given_up"]) | ~Q(reason=""),
            ),
        ]


class AgreementUse(models.Model):
    """Calls and rows of an agreement on one day, in several rows so that callers at once do not wait for one another."""

    pk = models.CompositePrimaryKey("agreement_id", "day", "shard")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="used", db_index=False)
    day = models.DateField()
    shard = models.SmallIntegerField()
    calls = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)

    class Meta:
        db_table = "exchange_agreement_use"
