"""Text that a person typed and others will read: no invisible marks.

Control characters break letters, exports and logs; marks that turn the direction of writing make a
name read as another one.
"""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Left-to-right and right-to-left marks, embeddings, overrides and isolates; a space without width,
# the mark of byte order. What joins or parts letters in some scripts is none of them.
_TURNS = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_REFUSED = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_LINES = frozenset("\t\n\r")

MESSAGE = _("Görünmeyen bir işaret içeriyor; metni yeniden, elle yazın.")


def is_plain(text: str, *, lines: bool = False) -> bool:
    """Whether all of `text` can be seen; with `lines` it may be broken and indented."""
    allowed = _LINES if lines else frozenset()
    return not any(
        letter in _TURNS or (unicodedata.category(letter) in _REFUSED and letter not in allowed)
        for letter in text
    )


def plain_line(text: str) -> None:
    """Validator of a text of one line."""
    if not is_plain(text):
        raise ValidationError(MESSAGE, code="invisible")


def plain_lines(text: str) -> None:
    """Validator of a text of several lines."""
    if not is_plain(text, lines=True):
        raise ValidationError(MESSAGE, code="invisible")


class PlainForm(forms.BaseForm):
    """Before `forms.Form` or `forms.ModelForm`: every text of the form is checked."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                check: Any = plain_lines if isinstance(field.widget, forms.Textarea) else plain_line
                if check not in field.validators:
                    field.validators.append(check)
        super().full_clean()
