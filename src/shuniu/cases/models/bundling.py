"""What a draft of a life event was begun with."""

from __future__ import annotations

from django.db import models

from shuniu.cases.models.drafts import Draft


class BundleDraft(models.Model):
    """The answers that decided which items a draft is for, and those items in the versions that its form was made of."""

    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, primary_key=True)
    said = models.JSONField()  # answers to the determinants
    items = models.JSONField()  # item → version

    class Meta:
        db_table = "cases_bundle_draft"
