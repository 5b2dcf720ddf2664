"""What changed as feeds: Atom (RFC 4287) and JSON Feed 1.1.

Readers see each change once: an entry is known by the change's cursor, and a recorded change never
alters. Machines that rebuild the register use `/api/v1/changes/`, which loses nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from detsis.wording import Told

ENTRIES = 100
# The day this scheme of entry ids began (RFC 4151); it never moves.
_TAG_DATE = "2026-11-24"


def _absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def _id(told: Told) -> str:
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{_TAG_DATE}:detsis/change/{told.change.id}"


def _title(told: Told) -> str:
    return f"{told.unit_name} ({told.change.unit_id}): {told.title}"


def _text(told: Told) -> str:
    change = told.change
    parts = [
        _("Geçerlilik tarihi: %(day)s") % {"day": date_format(change.effective_on, "d.m.Y")},
        told.summary,
        _("Gerekçe: %(text)s") % {"text": change.reason} if change.reason else "",
        _("Dayanak: %(text)s") % {"text": change.legal_reference} if change.legal_reference else "",
    ]
    return "\n".join(part for part in parts if part)


def _updated(entries: Sequence[Told]) -> dt.datetime:
    """When the newest entry was recorded; of an empty feed, a moment that does not change."""
    moments = [told.change.recorded_at for told in entries]
    return max(moments, default=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


class _Feed(Atom1Feed):
    """Atom whose `updated` is that of its entries, so that equal feeds are equal bytes."""

    def latest_post_date(self) -> dt.datetime:
        return self.feed["newest"]


def feed_title() -> str:
    return _("DETSİS: devlet teşkilatında değişiklikler")


def atom(entries: Sequence[Told], *, query: str = "") -> bytes:
    """The entries as an Atom document. `query` is the query string that chose them."""
    suffix = f"?{query}" if query else ""
    feed = _Feed(
        title=feed_title(),
        link=_absolute(reverse("detsis:changes") + suffix),
        description=_("Kurulan, kapanan, adı ya da bağlılığı değişen kurum ve birimler."),
        language=get_language() or settings.LANGUAGE_CODE,
        author_name="KAYSİS",
        feed_url=_absolute(reverse("detsis:changes-atom") + suffix),
        newest=_updated(entries),
    )
    for told in entries:
        feed.add_item(
            title=_title(told),
            link=_absolute(reverse("detsis:unit", args=[told.change.unit_id])),
            description=_text(told),
            unique_id=_id(told),
            pubdate=told.change.recorded_at,
            updateddate=told.change.recorded_at,
            categories=[told.change.kind],
        )
    return feed.writeString("utf-8").encode()


def json_feed(entries: Sequence[Told], *, query: str = "") -> bytes:
    """The entries as a JSON Feed document."""
    suffix = f"?{query}" if query else ""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed_title(),
            "home_page_url": _absolute(reverse("detsis:changes") + suffix),
            "feed_url": _absolute(reverse("detsis:changes-json") + suffix),
            "language": get_language() or settings.LANGUAGE_CODE,
            "items": [
                {
                    "id": _id(told),
                    "url": _absolute(reverse("detsis:unit", args=[told.change.unit_id])),
                    "title": _title(told),
                    "content_text": _text(told),
                    "date_published": told.change.recorded_at.isoformat(),
                    "tags": [told.change.kind],
                    "_detsis": {
                        "cursor": told.change.id,
                        "detsis_no": told.change.unit_id,
                        "kind": told.change.kind,
                        "effective_on": told.change.effective_on.isoformat(),
                        "successors": [side.number for side in told.successors],
                    },
                }
                for told in entries
            ],
        },
        option=orjson.OPT_INDENT_2,
    )
