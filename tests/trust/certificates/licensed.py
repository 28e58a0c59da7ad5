"""A licensed authority as the tests play it: its root, the certificates and lists that it signs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from shuniu.trust import suites
from shuniu.trust.certificates import der
from shuniu.trust.certificates.declare import Subject
from shuniu.trust.suites import Signer

MARKET = Subject("agency", "agency:43.market", "省市场监督管理局", "43.market", "省市场监督管理局")


@dataclass(frozen=True)
class Licensed:
    """An authority of somebody else's."""

    issuer: der.Issuer

    def certificate(
        self,
        public: bytes,
        *,
        subject: Subject = MARKET,
        purpose: str = "sign",
        now: datetime | None = None,
        days: int = 365,
        serial: int = 1 << 70,
    ) -> bytes:
        return der.certificate(
            subject, purpose, public, issuer=self.issuer, serial=serial, days=days, now=now or timezone.now()
        )

    def list(self, serials: Iterable[int], until: timedelta = timedelta(days=1), number: int = 1) -> bytes:
        now = timezone.now()
        return der.revocation_list(
            self.issuer, [(one, now, "key_compromise") for one in serials], number=number, at=now, until=now + until
        )

    def trust(self) -> None:
        """Put it among those that this instance believes."""
        Path(settings.KEYS).mkdir(parents=True, exist_ok=True)
        (Path(settings.KEYS) / "trusted-licensed.crt").write_bytes(self.issuer.certificate)


def authority(suite: str = "guomi", days: int = 3000) -> Licensed:
    own = signer(suite)
    made = der.authority("持牌机构", own.public, issuer=None, signer=own, serial=7, days=days, path=0)
    return Licensed(der.Issuer(made, own))


def signer(suite: str = "guomi") -> Signer:
    return suites.suite(suite).signer(suites.suite(suite).generate())
