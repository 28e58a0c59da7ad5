"""SM2 in the system's OpenSSL 3, by its public EVP functions: the `cryptography` package has no SM2, pure Python is too slow.

Calls release the interpreter's lock. Keys are freed with the objects that hold them; every other handle within its call.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_void_p
from ctypes.util import find_library
from functools import lru_cache

from shuniu.trust.suites.declare import Unavailable, Unreadable

IDENTITY = b"1234567812345678"
"""The distinguishing identity that a signature binds where none was agreed (GM/T 0009 §10)."""
_BYTES = 128  # a signature's DER is at most 72
_KEY, _DER = POINTER(c_void_p), POINTER(ctypes.c_char_p)
_FUNCTIONS: dict[str, tuple[object, list[object]]] = {
    "EVP_PKEY_CTX_new_from_name": (c_void_p, [c_void_p, c_char_p, c_char_p]),
    "EVP_PKEY_CTX_new": (c_void_p, [c_void_p, c_void_p]),
    "EVP_PKEY_CTX_free": (None, [c_void_p]),
    "EVP_PKEY_CTX_set1_id": (c_int, [c_void_p, c_char_p, c_int]),
    "EVP_PKEY_keygen_init": (c_int, [c_void_p]),
    "EVP_PKEY_generate": (c_int, [c_void_p, _KEY]),
    "EVP_PKEY_free": (None, [c_void_p]),
    "EVP_PKEY_is_a": (c_int, [c_void_p, c_char_p]),
    "EVP_MD_CTX_new": (c_void_p, []),
    "EVP_MD_CTX_free": (None, [c_void_p]),
    "EVP_MD_CTX_set_pkey_ctx": (None, [c_void_p, c_void_p]),
    "EVP_sm3": (c_void_p, []),
    "EVP_DigestSignInit": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "EVP_DigestSign": (c_int, [c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t]),
    "EVP_DigestVerifyInit": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "EVP_DigestVerify": (c_int, [c_void_p, c_char_p, c_size_t, c_char_p, c_size_t]),
    "EVP_PKEY2PKCS8": (c_void_p, [c_void_p]),
    "PKCS8_PRIV_KEY_INFO_free": (None, [c_void_p]),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, [c_void_p, POINTER(c_void_p)]),
    "i2d_PUBKEY": (c_int, [c_void_p, POINTER(c_void_p)]),
    "d2i_AutoPrivateKey": (c_void_p, [c_void_p, POINTER(c_char_p), c_long]),
    "d2i_PUBKEY": (c_void_p, [c_void_p, POINTER(c_char_p), c_long]),
    "ERR_clear_error": (None, []),
    "CRYPTO_free": (None, [c_void_p, c_char_p, c_int]),
}


class Key:
    """A key as the library holds it."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        weakref.finalize(self, _library().EVP_PKEY_free, handle)


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    name = find_library("crypto") or "libcrypto.so.3"
    try:
        library = ctypes.CDLL(name)
        for function, (result, arguments) in _FUNCTIONS.items():
            bound = getattr(library, function)
            bound.restype, bound.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise Unavailable(
            f"本机没有可用的 OpenSSL 3 密码库（{name}），国密套件不可用。请由系统管理员安装 libssl3。"
        ) from error
    return library


def generate() -> bytes:
    """A new SM2 private key, PKCS #8 DER. Raises Unavailable where the library lacks SM2."""
    library = _library()
    context, made = library.EVP_PKEY_CTX_new_from_name(None, b"SM2", None), c_void_p()
    try:
        if not context or library.EVP_PKEY_keygen_init(context) != 1:
            raise _lacking()
        if library.EVP_PKEY_generate(context, byref(made)) != 1 or made.value is None:
            raise _lacking()
    finally:
        library.EVP_PKEY_CTX_free(context)
    key = Key(made.value)
    info = library.EVP_PKEY2PKCS8(key.handle)
    try:
        return _der(library.i2d_PKCS8_PRIV_KEY_INFO, info)
    finally:
        library.PKCS8_PRIV_KEY_INFO_free(info)


def _lacking() -> Unavailable:
    _library().ERR_clear_error()
    return Unavailable("本机的 OpenSSL 不支持 SM2，国密套件不可用。请由系统管理员换装支持国密算法的 OpenSSL 3。")


def _der(encode: Callable[..., int], handle: int) -> bytes:
    out = c_void_p()
    size = encode(handle, byref(out))
    if size <= 0 or out.value is None:
        raise Unreadable("密钥无法编码。")
    try:
        return ctypes.string_at(out.value, size)
    finally:
        _library().CRYPTO_free(out, b"", 0)


def private_key(der: bytes) -> Key:
    """A private key from its PKCS #8. Raises Unreadable for what is no SM2 key."""
    return _loaded(_library().d2i_AutoPrivateKey, der)


def public_key(der: bytes) -> Key:
    """A public key from its SPKI. Raises Unreadable for what is no SM2 key."""
    return _loaded(_library().d2i_PUBKEY, der)


def _loaded(decode: Callable[..., int | None], der: bytes) -> Key:
    library, start = _library(), c_char_p(der)
    handle = decode(None, byref(start), len(der))
    if not handle:
        library.ERR_clear_error()
        raise Unreadable("不是可以读取的密钥。")
    key = Key(handle)
    if library.EVP_PKEY_is_a(handle, b"SM2") != 1:
        raise Unreadable("不是 SM2 密钥。")
    return key


def public_bytes(key: Key) -> bytes:
    """The public half of a key, SPKI DER."""
    return _der(_library().i2d_PUBKEY, key.handle)


def sign(key: Key, data: bytes) -> bytes:
    """The DER of (r, s) over the data's SM3 with the signer's identity (GB/T 32918.2 §6). Raises ValueError."""
    library, made, size = _library(), ctypes.create_string_buffer(_BYTES), c_size_t(_BYTES)
    with _Bound(key) as context:
        good = library.EVP_DigestSignInit(context, None, library.EVP_sm3(), None, key.handle) == 1
        if not good or library.EVP_DigestSign(context, made, byref(size), data, len(data)) != 1:
            library.ERR_clear_error()
            raise ValueError("SM2 签名失败，密钥不含私钥或者密码库出错。")
    return made.raw[: size.value]


def verify(key: Key, signature: bytes, data: bytes) -> bool:
    """Whether a signature is this key's over the data (GB/T 32918.2 §7)."""
    library = _library()
    with _Bound(key) as context:
        good = bool(library.EVP_DigestVerifyInit(context, None, library.EVP_sm3(), None, key.handle) == 1)
        good = good and bool(library.EVP_DigestVerify(context, signature, len(signature), data, len(data)) == 1)
    if not good:
        library.ERR_clear_error()
    return good


class _Bound:
    """A digest context that knows the signer's identity, for one signature."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def __enter__(self) -> int:
        library = _library()
        self._context = library.EVP_MD_CTX_new()
        self._keyed = library.EVP_PKEY_CTX_new(self._key.handle, None)
        if library.EVP_PKEY_CTX_set1_id(self._keyed, IDENTITY, len(IDENTITY)) <= 0:
            self.__exit__()
            raise Unavailable("本机的 OpenSSL 不能设定 SM2 签名者标识。请由系统管理员换装支持国密算法的 OpenSSL 3。")
        library.EVP_MD_CTX_set_pkey_ctx(self._context, self._keyed)
        return int(self._context)

    def __exit__(self, *_: object) -> None:
        _library().EVP_MD_CTX_free(self._context)
        _library().EVP_PKEY_CTX_free(self._keyed)
