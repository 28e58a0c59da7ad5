"""Tables of who looked: questions, inquiries kept back, counts of officers' readings, flags. Readings are the journal's."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shuniu.assessment.looked.declare import CovertState, FlagState, Ground, Kind


class ReadingQuestion(models.Model):
    """That a subject asks an agency why it read; answered once."""

    entry = models.BigIntegerField()
    subject = models.BigIntegerField()
    asked_by = models.TextField()
    text = models.TextField()
    asked_at = models.DateTimeField()
    read_at = models.DateTimeField()
    person = models.TextField()  # the reader, whom the subject is not told
    person_name = models.TextField()
    post = models.TextField()
    agency = models.TextField()
    agency_name = models.TextField()
    verb = models.TextField()
    object = models.TextField()
    purpose = models.TextField()
    case = models.BigIntegerField(primary_key=True)  # of procedures: the question goes by its number
    due = models.DateField(null=True)
    answer = models.TextField(default="")
    law = models.TextField(default="")
    answered_by = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assessment_reading_question"
        constraints = [
            models.UniqueConstraint(fields=["entry", "asked_by"], name="reading_asked_about_once"),
            models.CheckConstraint(name="reading_question_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="reading_answer_whole",
                condition=Q(answered_at=None, answer="", law="", answered_by="")
                | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(law="") & ~Q(answered_by="")),
            ),
            models.CheckConstraint(name="reader_does_not_answer", condition=~Q(answered_by=F("person"))),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-case"], name="reading_question_asked"),
            models.Index(fields=["agency", "-case"], name="reading_question_agency"),
        ]


class CovertInquiry(models.Model):
    """That what an officer reads of a subject is not told to the subject until a day: proposed, then decided by another."""

    subject = models.BigIntegerField()
    agency = models.TextField()
    person = models.TextField()
    person_name = models.TextField()
    ground = models.TextField()
    rule = models.TextField()  # id of the dated rule that names the law
    reason = models.TextField()
    proposed_at = models.DateTimeField()
    until = models.DateField()  # the last day on which it is not told
    state = models.TextField(default=CovertState.PROPOSED.value)
    decided_by = models.TextField(default="")
    decided_name = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assessment_covert_inquiry"
        constraints = [
            models.CheckConstraint(name="covert_state", condition=Q(state__in=[one.value for one in CovertState])),
            models.CheckConstraint(name="covert_ground", condition=Q(ground__in=[one.value for one in Ground])),
            models.CheckConstraint(name="covert_two_people", condition=~Q(decided_by=F("person"))),
            models.CheckConstraint(name="covert_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="covert_decided_whole",
                condition=Q(state="proposed", decided_by="", decided_at=None)
                | (~Q(state="proposed") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["subject"], condition=Q(state="confirmed"), name="covert_of_a_subject"),
            models.Index(fields=["agency", "-id"], name="covert_of_an_agency"),
        ]


class ReadingTally(models.Model):
    """Readings of officers and machines counted by reader, day, hour, what was read and what for; grown by the scan alone."""

    agency = models.TextField()
    person = models.TextField()
    person_name = models.TextField()
    day = models.DateField()
    hour = models.SmallIntegerField()
    object = models.TextField()
    purpose = models.TextField()
    readings = models.IntegerField()
    caseless = models.IntegerField()

    class Meta:
        db_table = "assessment_reading_tally"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "agency", "day", "hour", "object", "purpose"], name="reading_tally_once"
            ),
            models.CheckConstraint(
                name="reading_tally_counts", condition=Q(readings__gt=0, caseless__gte=0, caseless__lte=F("readings"))
            ),
        ]
        indexes = [models.Index(fields=["agency", "-day"], name="reading_tally_agency")]


class ReadingPerson(models.Model):
    """That an officer read of a natural person on a day without naming a case; `family`: of the officer's family name."""

    person = models.TextField()
    day = models.DateField()
    subject = models.BigIntegerField()
    family = models.BooleanField()

    class Meta:
        db_table = "assessment_reading_person"
        constraints = [models.UniqueConstraint(fields=["person", "day", "subject"], name="reading_person_once")]


class ReadingScan(models.Model):
    """How far the journal has been looked through: its one row is locked while somebody looks."""

    position = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assessment_reading_scan"
        constraints = [models.CheckConstraint(name="reading_scan_one_row", condition=Q(id=1))]


class ReadingFlag(models.Model):
    """Something out of the ordinary in a day of readings: the officer is asked to explain, or a machine's agency."""

    kind = models.TextField()
    person = models.TextField()
    person_name = models.TextField()
    agency = models.TextField()
    day = models.DateField()
    subject = models.BigIntegerField(default=0)
    said = models.TextField()
    rule = models.TextField()
    at = models.DateTimeField()
    due = models.DateField()
    entries = ArrayField(models.BigIntegerField())
    state = models.TextField(default=FlagState.ASKED.value)
    explanation = models.TextField(default="")
    explained_by = models.TextField(default="")
    explained_name = models.TextField(default="")
    explained_at = models.DateTimeField(null=True)
    closed_by = models.TextField(default="")
    closed_name = models.TextField(default="")
    reason = models.TextField(default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assessment_reading_flag"
        constraints = [
            models.UniqueConstraint(fields=["person", "agency", "day", "kind", "subject"], name="reading_flag_once"),
            models.CheckConstraint(name="reading_flag_kind", condition=Q(kind__in=[one.value for one in Kind])),
            models.CheckConstraint(name="reading_flag_state", condition=Q(state__in=[one.value for one in FlagState])),
            models.CheckConstraint(
                name="reading_flag_two_people",
                condition=~Q(closed_by=F("person")) & (Q(closed_by="") | ~Q(closed_by=F("explained_by"))),
            ),
            models.CheckConstraint(
                name="reading_flag_closed_with_reason",
                condition=(~Q(state="closed") & Q(closed_at=None))
                | (Q(state="closed", closed_at__isnull=False) & ~Q(reason="") & ~Q(closed_by="")),
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="reading_flag_agency"),
            models.Index(fields=["person", "-id"], name="reading_flag_person"),
            models.Index(fields=["day"], name="reading_flag_day"),
        ]
