"""The text somebody signs on a telephone, and the short code by which they know it again."""

import hashlib
import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

# Without I, L, O and U, which are read as something else (Crockford).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 8


def new_text() -> str:
    """One of a kind, and of this portal. ASCII, since some telephones show nothing else."""
    host = urlsplit(settings.SITE_URL).hostname
    moment = timezone.localtime().strftime("%d.%m.%Y %H:%M:%S")
    return f"KAYSIS giris {host} {moment} {secrets.token_hex(16)}"


def code_of(text: str) -> str:
    """`7KQ2-M0XD`: the first 40 bits of the SHA-256 of what is signed."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:5], "big")
    letters = [ALPHABET[number >> 5 * place & 31] for place in reversed(range(CODE_LETTERS))]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def display_of(text: str) -> str:
    """What the telephone shows."""
    return f"KAYSIS girisi. Kod: {code_of(text)}"
