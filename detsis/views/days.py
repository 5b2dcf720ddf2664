"""The day a page is shown as of: `?tarih=YYYY-MM-DD`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from kaysis.common.errors import KaysisError

PARAMETER = "tarih"
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)


class BadDay(KaysisError):
    """What the address gives as a day is none."""

    default_code = "invalid_day"


def asked_day(request: HttpRequest, parameter: str = PARAMETER) -> dt.date | None:
    """The day asked for; None for today, asked or not. BadDay for what is no day."""
    day = day_or_none(request.GET, parameter)
    return None if day == timezone.localdate() else day


def day_or_none(data: Mapping[str, str], parameter: str) -> dt.date | None:
    """The day in the query string; None where it is not given. BadDay for what is no day."""
    text = (data.get(parameter) or "").strip()
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is not None and not FIRST <= day <= LAST:
        raise BadDay(_("Tarih 1900 ile 2199 yılları arasında olmalıdır."))
    if day is None or len(text) != 10:
        raise BadDay(
            _("“%(text)s” bir tarih değil. Tarihi 2024-05-19 gibi, yıl-ay-gün sırasıyla yazın.")
            % {"text": text[:40]}
        )
    return day


def day_query(day: dt.date | None) -> str:
    """What a link adds so that the next page shows the same day; nothing for today."""
    return f"?{urlencode({PARAMETER: day.isoformat()})}" if day else ""


def asked_number(text: str) -> int | None:
    """A state organisation number, or None for anything else."""
    text = text.strip()
    return int(text) if len(text) == 8 and text.isascii() and text.isdigit() else None
