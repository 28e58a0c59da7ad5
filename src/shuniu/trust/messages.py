"""HTTP messages signed by RFC 9421, their bodies proven by RFC 9530: what is signed, read and checked, byte for byte. Pure.

A request's signature covers at least who is asked, for what, and the digest of the body; an answer's covers its status, its
digest, and the request that it answers. A message is read strictly: what is not needed to say that is refused, not guessed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from shuniu.trust.declare import Refused
from shuniu.trust.suites import Signer, Suite, of_key, suites
from shuniu.trust.suites.declare import Unreadable

LABEL = "shuniu"
MOST = 4_000
"""Characters of a signature's description: longer ones are no message of ours."""
COVERED = ("@method", "@authority", "@path", "@query", "content-digest", "content-type", "shuniu-purpose")
"""What a request's signature covers at least."""
ANSWERED = (
    "@status",
    "content-digest",
    "content-type",
    '"@method";req',
    '"@path";req',
    '"content-digest";req',
    '"signature";req',
)
_NAME, _TEXT = r"[a-z0-9@*_.\-]+", r'"(?:[ !#-\[\]-~]|\\["\\])*"'
_ITEM = re.compile(rf'"({_NAME})"((?:;[a-z]+(?:={_TEXT})?)*)')
_INPUT = re.compile(
    rf"([a-z*][a-z0-9_.*\-]*)=(\(((?:{_ITEM.pattern}(?: (?!\)))?)*)\)((?:;[a-z]+=(?:-?[0-9]{{1,15}}|{_TEXT}))*))"
)
_PARAMETER = re.compile(rf";([a-z]+)=(?:(-?[0-9]{{1,15}})|({_TEXT}))")
_SIGNATURE = re.compile(r"([a-z*][a-z0-9_.*\-]*)=:([A-Za-z0-9+/]+={0,2}):")
_DIGEST = re.compile(r"([a-z0-9\-]+)=:([A-Za-z0-9+/]+={0,2}):")
_BREAKS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Message:
    """A request, or an answer (`status`): header names in small letters, values as they came, of one line each."""

    headers: Mapping[str, str]
    method: str = ""
    authority: str = ""
    path: str = ""
    query: str = ""  # without its question mark
    status: int = 0


@dataclass(frozen=True)
class Described:
    """What a message says of its signature: `text` is the value of @signature-params as it came."""

    components: tuple[str, ...]  # each as it came: "@method" or '"content-digest";req'
    text: str
    created: int  # seconds since 1970
    key_id: str
    nonce: str = ""
    expires: int | None = None
    algorithm: str = ""
    tag: str = ""
    signature: bytes = field(default=b"", repr=False)


def digest_header(suite: Suite, digest: bytes) -> str:
    """`Content-Digest` of a body with that digest by that suite."""
    return f"{suite.digest_name}=:{base64.b64encode(digest).decode()}:"


def read_digest(header: str) -> tuple[Suite, bytes]:
    """The suite and the digest of a `Content-Digest` of exactly one algorithm. Raises Refused message.digest."""
    found = _DIGEST.fullmatch(header.strip())
    known = {one.digest_name: one for one in suites()}
    if found is None or found[1] not in known:
        names = "、".join(known)
        raise _refused(
            "digest", "消息没有可用的正文摘要（Content-Digest）。", f"请用 {names} 之一计算正文摘要后重新签名。"
        )
    return known[found[1]], _bytes(found[2])


def sign_request(
    message: Message,
    signer: Signer,
    *,
    created: int,
    nonce: str,
    expires: int | None = None,
    also: Sequence[str] = (),
) -> dict[str, str]:
    """The two headers that a signed request carries besides; `also` names headers that it covers beyond `COVERED`.

    Raises Refused message.component where one it covers is missing.
    """
    ends = f";expires={expires}" if expires is not None else ""
    return _signed(message, None, signer, (*COVERED, *also), f';created={created}{ends};nonce="{nonce}"')


def sign_answer(
    message: Message, request: Message, signer: Signer, *, created: int, also: Sequence[str] = ()
) -> dict[str, str]:
    """The two headers that a signed answer carries besides: bound to the request that it answers, and to its signature."""
    return _signed(message, request, signer, (*ANSWERED, *also), f";created={created}")


def _signed(
    message: Message, request: Message | None, signer: Signer, components: Sequence[str], parameters: str
) -> dict[str, str]:
    listed = " ".join(one if one.startswith('"') else f'"{one}"' for one in components)
    text = f'({listed}){parameters};keyid="{signer.key_id}"'
    base = base_of(tuple(components), text, message, request)
    return {
        "signature-input": f"{LABEL}={text}",
        "signature": f"{LABEL}=:{base64.b64encode(signer.sign(base)).decode()}:",
    }


def described(message: Message) -> Described:
    """How a message says that it is signed. Raises Refused message.unsigned, message.unreadable."""
    said, signature = message.headers.get("signature-input", ""), message.headers.get("signature", "")
    if not said or not signature:
        raise _refused("unsigned", "消息没有签名。", "请按 RFC 9421 签名后重新发送；对接说明见“接入指南”。")
    inputs, signatures = _INPUT.fullmatch(said[:MOST].strip()), _SIGNATURE.fullmatch(signature[:MOST].strip())
    if inputs is None or signatures is None or inputs[1] != signatures[1]:
        raise _refused(
            "unreadable", "看不懂消息的签名说明。", "一条消息只带一个签名，Signature-Input 与 Signature 用同一个标签。"
        )
    components = tuple(f'"{name}"{rest}' if rest else name for name, rest in _ITEM.findall(inputs[3]))
    tail = inputs[2][inputs[2].rindex(")") + 1 :]
    pairs = [(name, number or _unquoted(text)) for name, number, text in _PARAMETER.findall(tail)]
    given = dict(pairs)
    repeated = len(given) < len(pairs) or len({*components}) < len(components)
    if repeated or not {*given} <= {"created", "expires", "keyid", "nonce", "alg", "tag"} or "keyid" not in given:
        raise _refused(
            "unreadable", "签名说明缺少密钥编号，或者有重复、不认识的内容。", "请核对 Signature-Input 后重新签名。"
        )
    try:
        created = int(given["created"])
        expires = int(given["expires"]) if "expires" in given else None
    except (KeyError, ValueError) as error:
        raise _refused(
            "unreadable", "签名说明缺少签名时间。", "请加上 created（自 1970 年的秒数）后重新签名。"
        ) from error
    return Described(
        components, inputs[2], created, given["keyid"], given.get("nonce", ""), expires, given.get("alg", ""),
        given.get("tag", ""), _bytes(signatures[2]),
    )  # fmt: skip


def check(said: Described, public: bytes, message: Message, request: Message | None = None) -> bytes:
    """Check a signature by the key that its sender has; what was signed, byte for byte. `request`: what is answered.

    Raises Refused message.uncovered (it leaves out what must be signed), message.algorithm (it names another than the
    key's), message.component, message.signature.
    """
    wanted = ANSWERED if request is not None else COVERED
    if missing := [one for one in wanted if one not in said.components]:
        raise _refused("uncovered", f"签名没有包括 {'、'.join(missing)}。", "请把它们列入签名范围后重新签名。")
    try:
        suite = of_key(public)
    except Unreadable as error:
        raise _refused("signature", "登记的公钥不能用于验签。", "请联系平台管理员核对证书。") from error
    if said.algorithm and said.algorithm != suite.algorithm_of(public):
        raise _refused("algorithm", "签名声明的算法与证书的密钥不符。", "请去掉 alg，或者写证书密钥本身的算法。")
    base = base_of(said.components, said.text, message, request)
    if not suite.verify(public, said.signature, base):
        raise _refused(
            "signature",
            "签名不对：消息在签名后被改动，或者不是用登记的密钥签的。",
            "请核对密钥和发送的内容，重新签名。",
        )
    return base


def base_of(components: tuple[str, ...], text: str, message: Message, request: Message | None) -> bytes:
    """The signature base (RFC 9421 §2.5)."""
    lines = []
    for one in components:
        name, rest = (one[1 : one.index('"', 1)], one[one.index('"', 1) + 1 :]) if one.startswith('"') else (one, "")
        if rest not in ("", ";req") or (rest and request is None):
            raise _component(one)
        lines.append(f'"{name}"{rest}: {_value(name, request if rest and request is not None else message)}')
    lines.append(f'"@signature-params": {text}')
    return "\n".join(lines).encode()


_DERIVED: Mapping[str, Callable[[Message], str]] = {
    "@method": lambda message: message.method,
    "@authority": lambda message: message.authority.lower(),
    "@path": lambda message: message.path or "/",
    "@query": lambda message: f"?{message.query}",
    "@status": lambda message: str(message.status or ""),
}


def _value(name: str, message: Message) -> str:
    derive = _DERIVED.get(name)
    found = derive(message) if derive is not None else message.headers.get(name)
    if found is None or (derive is not None and not found) or _BREAKS.search(found):
        raise _component(name)
    return found.strip()


def _component(name: str) -> Refused:
    return _refused("component", f"签名包括的 {name} 在消息里没有，或者不支持。", "请只对消息确有的内容签名。")


def _unquoted(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", text[1:-1])


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise _refused("unreadable", "签名或摘要不是 Base64。", "请按 RFC 8941 的字节序列写法编码。") from error


def _refused(rule: str, message: str, remedy: str) -> Refused:
    return Refused(f"message.{rule}", message, remedy)
