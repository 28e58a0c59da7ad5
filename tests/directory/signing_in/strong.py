"""A client that has given a second factor, for the tests of pages that ask for one."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from shuniu.directory.models import Sitting


def strengthen(client: Client, minutes_ago: int = 0) -> int:
    """Give the signed-in client a sitting in which a second factor was given so long ago; returns its number."""
    session = client.session
    at = timezone.now() - timedelta(minutes=minutes_ago)
    sitting, _new = Sitting.objects.get_or_create(
        account_id=int(session["_auth_user_id"]),
        key=session.session_key,
        ended=None,
        defaults={"device": "测试浏览器", "address": "", "means": "password totp"},
    )
    Sitting.objects.filter(pk=sitting.pk).update(proved_at=at, strong_at=at)
    session["sitting"] = sitting.pk
    session.save()
    return sitting.pk
