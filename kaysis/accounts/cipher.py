"""How a national id is kept: encrypted at rest, with a keyed hash beside it for look-up.

Encryption is AES-256-GCM. The hash is bound in as associated data, so a ciphertext copied onto
another person's row does not decrypt. `settings.NATIONAL_ID_KEY` may name several keys, separated
by commas: the first encrypts, all of them decrypt; `rotate_national_id_key` moves rows to it.
The hash key cannot be changed that way, because every look-up would need both.
"""

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_BYTES = 32
_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_HEADER_BYTES = len(_VERSION) + _KEY_ID_BYTES


class CipherError(Exception):
    """A key is missing or wrong, or a stored value was tampered with. Never carries the value."""


def decode_key(text: str) -> bytes:
    """The 32 bytes that a base64 key stands for; `CipherError` for anything else."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise CipherError("The key is not base64.") from None
    if len(key) != KEY_BYTES:
        raise CipherError(f"The key has {len(key)} bytes instead of {KEY_BYTES}.")
    return key


def encryption_keys() -> list[bytes]:
    """All keys that may decrypt; the first one encrypts."""
    return [decode_key(part) for part in settings.NATIONAL_ID_KEY.split(",")]


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"kaysis national id key" + key).digest()[:_KEY_ID_BYTES]


def fingerprint(value: str) -> str:
    """The keyed hash (64 hex digits) by which a national id is looked up."""
    key = decode_key(settings.NATIONAL_ID_HASH_KEY)
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def encrypt(value: str) -> bytes:
    """version (1) + key id (4) + nonce (12) + ciphertext and tag."""
    key = encryption_keys()[0]
    header = _VERSION + _key_id(key)
    nonce = os.urandom(_NONCE_BYTES)
    bound_to = header + fingerprint(value).encode()
    return header + nonce + AESGCM(key).encrypt(nonce, value.encode(), bound_to)


def decrypt(stored: bytes | memoryview, fingerprint_of_value: str) -> str:
    """The value behind `stored`; `CipherError` if no key fits or the row was tampered with."""
    data = bytes(stored)
    header, nonce = data[:_HEADER_BYTES], data[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES]
    for key in encryption_keys():
        if header == _VERSION + _key_id(key):
            break
    else:
        raise CipherError("No configured key encrypted this value.")
    try:
        plain = AESGCM(key).decrypt(
            nonce, data[_HEADER_BYTES + _NONCE_BYTES :], header + fingerprint_of_value.encode()
        )
    except (InvalidTag, ValueError):
        raise CipherError("The stored value does not belong to this row.") from None
    return plain.decode()


def current_header() -> bytes:
    """What a value begins with that the first key encrypted."""
    return _VERSION + _key_id(encryption_keys()[0])


def is_current(stored: bytes | memoryview) -> bool:
    """Whether the first key encrypted this value."""
    return bytes(stored).startswith(current_header())
