"""The national id (T.C. Kimlik No): checking and hiding it.

It is never in an address, a log, an export or a public page; where a person must recognise one, it
is shown masked.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.tr import tckimlik


def is_valid(number: str) -> bool:
    """Whether `number` is eleven digits with correct check digits."""
    return number.isascii() and number.isdigit() and bool(tckimlik.is_valid(number))


def validate_national_id(number: str) -> None:
    """A validator for form and model fields. The message does not repeat the number."""
    if not is_valid(number):
        raise ValidationError(_("Geçerli bir T.C. Kimlik No girin."), code="national_id")


def clean(text: str) -> str:
    """The eleven digits of what a person typed or pasted. Raises Django's ValidationError."""
    number = "".join(text.split())
    validate_national_id(number)
    return number


def mask(number: str) -> str:
    """`12345678901` → `123******01`; anything else is hidden whole."""
    if len(number) != 11 or not number.isdigit():
        return "*" * 11
    return f"{number[:3]}******{number[-2:]}"
