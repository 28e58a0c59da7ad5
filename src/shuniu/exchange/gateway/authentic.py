"""Who asks: the key's certificate decides how a signature is checked, the clock and the canonical form what may be signed."""

from __future__ import annotations

import time
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from shuniu.catalogue.declare import RESOURCE_KEY
from shuniu.exchange.gateway import asking
from shuniu.exchange.gateway.declare import OFFICER, TOKEN, Asked
from shuniu.exchange.gateway.rules import Limits, limits
from shuniu.exchange.gateway.store import calls as store
from shuniu.trust.certificates.api import known, stamp
from shuniu.trust.certificates.declare import Held
from shuniu.trust.declare import Refused
from shuniu.trust.messages import COVERED, Described, Message, check, described, read_digest
from shuniu.trust.suites import suite

PATH = "/exchange/query/"
TYPE = "application/json"
MOMENT = "gateway.moment"
"""The rule by which a signature of another time is refused: a clock that goes wrong."""
_READ = (*(name for name in COVERED if not name.startswith("@")), OFFICER, TOKEN, "signature-input", "signature")
_META = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in _READ} | {"content-type": "CONTENT_TYPE"}
_stamp = [0]


def message_of(request: HttpRequest) -> Message:
    """What of a request is signed, as it came."""
    meta = request.META
    headers = {name: meta[key] for name, key in _META.items() if meta.get(key)}
    return Message(
        headers, request.method or "", str(meta.get("HTTP_HOST", "")), request.path, str(meta.get("QUERY_STRING", ""))
    )


def authenticate(message: Message, body: bytes) -> Asked:
    """The question, if its signature holds. Raises Refused message.*, trust.*, gateway.* without saying what is stored."""
    today = timezone.localdate()
    rules = limits(today)
    said, held = signed(message, rules)
    digest = check_body(message, held, body)
    identifiers, items = asking.body_of(body, rules)
    return Asked(
        held=held, suite=suite(held.suite), message=message, said=said, digest=digest, resource=_resource(message.path),
        purpose=asking.purpose_of(message.headers["shuniu-purpose"], rules), identifiers=identifiers, items=items,
        officer=asking.officer_of(message.headers.get(OFFICER)), token=asking.token_of(message.headers.get(TOKEN)), day=today,
    )  # fmt: skip


def signed(message: Message, rules: Limits, kind: str = TYPE) -> tuple[Described, Held]:
    """How a request with a body of that type is signed, and by whom: once its signature, its moment and its form hold.

    From the headers alone, before the body is read: `check_body` then says whether it is the one.
    """
    said = described(message)
    held = key_of(said.key_id)
    check(said, held.public, message)
    _moment(said, held, message, rules)
    asking.check_canonical(said, message.headers)
    _plain(message, kind)
    return said, held


def check_body(message: Message, held: Held, body: bytes) -> bytes:
    """The digest of the body that came. Raises Refused message.digest where it is not the one that was signed."""
    used, digest = read_digest(message.headers["content-digest"])
    if used.key != held.suite:
        raise Refused("message.digest", "正文摘要与证书不是同一套算法。", "请用证书所属套件的摘要算法。")
    if used.digest(body) != digest:
        raise Refused("message.digest", "收到的正文与签名的摘要不符。", "请核对发送的内容，重新签名。")
    return digest


def key_of(key_id: str) -> Held:
    """The certificate of a key that may ask for its agency, as far as this process knows it. Raises Refused trust.unknown_key.

    Whether it still stands is decided with the stamp that the question's own statement reads.
    """
    if not _stamp[0]:
        _stamp[0] = stamp()
    held = known(key_id, _stamp[0])
    if held is None or held.kind not in ("agency", "node") or not held.agency:
        raise Refused(
            "trust.unknown_key", "平台没有登记这把密钥的单位证书。", "请核对密钥编号；尚未接入的，请先用邀请码接入。"
        )
    return held


def standing(asked: Asked, stamped: int) -> Held:
    """The same certificate as it stands under a stamp that was just read; None is told as an unknown key."""
    if stamped == _stamp[0]:
        return asked.held
    _stamp[0] = stamped
    return key_of(asked.said.key_id)


def _moment(said: Described, held: Held, message: Message, rules: Limits) -> None:
    """By now it is known whose machine it is: a question that is refused for its clock counts as one of that agency's."""
    now = time.time()
    if abs(now - said.created) <= rules.skew:
        return
    resource = message.path.removeprefix(PATH)
    if resource != message.path and RESOURCE_KEY.match(resource):
        store.count_failure(resource, held.agency, int(now) // 60, MOMENT)
    late = "早于" if said.created < now else "晚于"
    raise Refused(
        MOMENT,
        f"签名时间{late}平台时钟 {abs(int(now) - said.created)} 秒，允许 {rules.skew} 秒。",
        f"平台时间为 {int(now)}（自 1970 年的秒数），请校准时钟后重新签名。",
    )


def _plain(message: Message, kind: str) -> None:
    """What is signed stands in one form: else it could not be written again from what is kept."""
    if message.query:
        raise Refused("gateway.form", "这个网址不带参数。", "请按接入指南发送。")
    if message.headers["content-type"] != kind:
        raise Refused("gateway.type", "请求体的类型不对。", f"Content-Type 请写 {kind}。")
    if message.authority.lower() not in authorities():
        raise Refused(
            "gateway.authority", "请求的主机名不是本平台的。", "请按接入指南的网址发送，签名中写同样的主机名。"
        )


def authorities() -> frozenset[str]:
    """The names that the platform is called by, as requests sign them."""
    return _authorities(settings.PUBLIC_URL, tuple(settings.ALLOWED_HOSTS), settings.PORT)


@lru_cache(maxsize=8)
def _authorities(url: str, hosts: tuple[str, ...], port: int) -> frozenset[str]:
    named = (host for host in hosts if host and host != "*")
    return frozenset({urlsplit(url).netloc, *(name for host in named for name in (host, f"{host}:{port}"))})


def _resource(path: str) -> str:
    key = path.removeprefix(PATH)
    if not RESOURCE_KEY.match(key):
        raise Refused("gateway.unknown", "没有这个资源。", "请在资源目录中核对资源代码。")
    return key
