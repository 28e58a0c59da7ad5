"""The platform's own keys, by which it signs what it answers: made and renewed by a job, private halves in the folder of keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from shuniu.trust import suites
from shuniu.trust.certificates import authority, models
from shuniu.trust.certificates.api.making import keep, made
from shuniu.trust.certificates.declare import Node, Subject
from shuniu.trust.certificates.rules import dated
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.door import record, require, verb
from shuniu.trust.keys import private_file


@verb("trust.keep_node", "换发平台自己的证书")
def keep_node(*, actor: Actor, suite: str) -> bool:
    """Make the platform's certificate of a suite, or its next one when the present one nears its end; whether one was made."""
    require()
    now = timezone.now()
    ahead = now + timedelta(days=dated("renewal.days"))
    fresh = next((row for row in _own(suite) if row.not_after > ahead), None)
    if fresh is None:
        used = authority.suite(suite)
        private = used.generate()
        signer = used.signer(private)
        holder = f"node:{settings.PROVINCE}"
        subject = Subject("node", holder, "枢纽平台", "", "枢纽")
        row = made(subject, "sign", signer.public, suite, by=actor.name, now=now)
        row.replaces = next((one for one in _own(suite) if not hasattr(one, "successor")), None)
        private_file(_file(signer.key_id), private)
        keep([row])
    record(f"node:{suite}", detail={"made": fresh is None})
    return fresh is None


def usable() -> tuple[str, ...]:
    """The keys of the suites that this machine has."""
    return tuple(one.key for one in suites.suites())


def node_due(suite: str) -> bool:
    """Whether it is time for `keep_node`."""
    ahead = timezone.now() + timedelta(days=dated("renewal.days"))
    return not any(row.not_after > ahead for row in _own(suite))


def node(suite: str) -> Node:
    """The platform's newest key of a suite. Raises Refused trust.no_node before a job has made one."""
    now = timezone.now()
    for row in _own(suite):
        path = Path(settings.KEYS) / _file(row.key_id)
        if row.not_before <= now <= row.not_after and path.exists():
            return Node(path.read_bytes(), bytes(row.der), row.key_id)
    raise _none_yet()


def node_certificates(suite: str) -> tuple[bytes, ...]:
    """Every certificate (DER) that the platform's answers of a suite were ever signed under, the present one first.

    Those that ended are among them: what they answered is still to be checked. A revoked one is not, so that nobody who keeps
    the list believes it. Raises Refused trust.no_suite, trust.suite_unavailable, and trust.no_node before there is one.
    """
    authority.suite(suite)
    found = _signing(suite).values_list("der", flat=True)
    if not found:
        raise _none_yet()
    return tuple(bytes(one) for one in found)


def _none_yet() -> Refused:
    return Refused("trust.no_node", "平台还没有自己的签名证书。", "请由运维人员启动平台，定时任务会在一分钟内签发。")


def _own(suite: str) -> list[models.Certificate]:
    return list(_signing(suite)[:5])


def _signing(suite: str) -> QuerySet[models.Certificate]:
    """The newest first, which is the one that answers."""
    holder = f"node:{settings.PROVINCE}"
    rows = models.Certificate.objects.filter(holder=holder, suite=suite, purpose="sign", revoked_at=None)
    return rows.order_by("-id")


def _file(key_id: str) -> str:
    return f"node-{key_id.replace(':', '-')}.key"
