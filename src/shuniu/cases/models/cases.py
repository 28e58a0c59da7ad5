"""A case (办件): what was applied for, by whom, under which version of which item, with what answers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Case(models.Model):
    """One application. What is answered, uploaded and owed is frozen with it; where it stands its procedure says."""

    number = models.TextField(unique=True)  # 办件编号
    item = models.TextField()  # key of the service item
    version = models.IntegerField()
    agency = models.TextField()
    region = models.TextField()
    applicant = models.BigIntegerField(null=True)  # the subject; None: known only by name
    applicant_kind = models.TextField()  # legal · natural
    applicant_name = models.TextField()
    account = models.TextField()  # who filed it: the applicant, an agent, or the clerk at the counter
    acting = models.TextField(default="")  # on what ground for the applicant: "" in the own name
    acting_name = models.TextField(default="")
    delegation = models.BigIntegerField(null=True)  # number of the delegation that the account acted under
    channel = models.TextField()  # 办理形式 (A.5): 1 counter · 2 web · 3 mobile · 4 mail
    form = models.TextField()  # digest of the resolved form that it was filed with
    answers = models.JSONField()
    prefilled = models.JSONField(default=list)  # which answers a register gave: value, resource, item, batch, line, day
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    matter = models.BigIntegerField(null=True, unique=True)  # the procedure's case
    state = models.TextField()
    filed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_state",
                condition=Q(
                    state__in=[
                        "filed",
                        "correcting",
                        "accepted",
                        "declined",
                        "granted",
                        "refused",
                        "withdrawn",
                        "partial",
                        "cut",
                    ]
                ),
            ),
            models.CheckConstraint(name="cases_not_its_own_part", condition=~Q(parent=F("id"))),
            models.CheckConstraint(
                name="cases_delegated_to_somebody",
                condition=Q(delegation=None) | ~Q(acting="") & ~Q(acting_name="") & Q(applicant__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_ended_or_running",
                condition=Q(state__in=["filed", "correcting", "accepted"]) ^ Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_accepted_on_a_day", condition=~Q(state="accepted") | Q(accepted_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="case_by_account"),
            models.Index(fields=["applicant", "-id"], name="case_by_applicant"),
            models.Index(
                fields=["agency", "-id"],
                include=["applicant_name", "item", "region"],  # what a search looks at
                name="case_running_by_agency",
                condition=Q(state__in=["filed", "correcting", "accepted"]),
            ),
            models.Index(
                fields=["agency", "-id"],
                include=["applicant_name", "item", "region"],  # what a search looks at
                name="case_ended_by_agency",
                condition=Q(state__in=["declined", "granted", "refused", "withdrawn", "partial", "cut"]),
            ),
            models.Index(
                fields=["agency", "region", "-id"],  # whose reach holds few of them does not walk along all
                opclasses=["text_ops", "text_pattern_ops", "int8_ops"],
                include=["applicant_name", "item"],
                name="case_ended_by_region",
                condition=Q(state__in=["declined", "granted", "refused", "withdrawn", "partial", "cut"]),
            ),
            models.Index(fields=["item", "-id"], name="case_by_item"),
        ]


class Decision(models.Model):
    """What an agency decided on a case. None that says no without facts, articles and remedy can be written.

    A trigger keeps it as it was made.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    number = models.TextField(unique=True)
    state = models.TextField()  # declined · granted · partial · refused
    result = models.TextField(default="")  # key of the item's result, where it declares any
    outcome = models.TextField(default="")  # what the procedure calls its refusal (不予修复); "": by the state
    text = models.TextField(default="")  # what is handed over, or where it is found
    facts = models.TextField(default="")
    articles = models.TextField(default="")
    remedy = models.TextField(default="")
    rules = models.JSONField(default=list)  # ids of the dated rules that gave the remedy's terms
    person = models.TextField()
    person_name = models.TextField()
    agency_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_states_its_grounds",
                condition=Q(state="granted")
                | Q(state__in=["declined", "partial", "refused"]) & ~Q(facts="") & ~Q(articles="") & ~Q(remedy=""),
            ),
        ]
