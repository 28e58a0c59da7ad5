"""A department's machine as the tests play it: its keys, its requests, its joining."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.directory import api as directory
from shuniu.trust import suites
from shuniu.trust.certificates import api
from shuniu.trust.certificates.client import certificate_request, renewal_bytes
from shuniu.trust.certificates.declare import Held, Joined
from shuniu.trust.declare import Actor
from shuniu.trust.suites import Signer

SUITES = ("international", "guomi")


@dataclass(frozen=True)
class Machine:
    """A joined machine: its signing key and what it was given."""

    signer: Signer
    joined: Joined
    private: bytes

    @property
    def held(self) -> Held:
        found = api.certificate_of(self.signer.key_id)
        assert found is not None
        return found


def code(office: Actor, agency: str = "43.market", suite: str = "international") -> str:
    return api.invite(actor=office, agency=agency, agency_name="省市场监督管理局", suite=suite).code


def fresh(suite: str = "international") -> tuple[bytes, Signer]:
    private = suites.suite(suite).generate()
    return private, suites.suite(suite).signer(private)


def join(office: Actor, agency: str = "43.market", suite: str = "international", envelope: bytes = b"") -> Machine:
    private, signer = fresh(suite)
    joined = api.join(
        actor=directory.system("joining"), code=code(office, agency, suite), request=certificate_request(signer),
        envelope=envelope,
    )  # fmt: skip
    return Machine(signer, joined, private)


def renew(machine: Machine, suite: str = "international") -> Machine:
    private, signer = fresh(suite)
    request = certificate_request(signer)
    joined = api.renew(
        actor=directory.system("joining"), key=machine.signer.key_id, request=request,
        signature=machine.signer.sign(renewal_bytes(request)),
    )  # fmt: skip
    return Machine(signer, joined, private)
