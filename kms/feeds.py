"""What was published lately as feeds: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kms.models import Instrument, TextVersion

ENTRIES = 100
# The day this scheme of entry ids began (RFC 4151); it never moves.
_TAG_DATE = "2026-11-24"


def latest(user: Any) -> list[TextVersion]:
    """The texts published last."""
    rows = TextVersion.objects.published().light()
    rows = rows.filter(instrument__in=Instrument.objects.visible_to(user))
    return list(rows.select_related("instrument").order_by("-published_at", "-pk")[:ENTRIES])


def _absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def _id(version: TextVersion) -> str:
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{_TAG_DATE}:kms/text/{version.pk}"


def _text(version: TextVersion) -> str:
    day = f"{version.valid_from:%d.%m.%Y}" if version.valid_from else "—"
    return _("%(kind)s; geçerlilik başlangıcı: %(day)s") % {
        "kind": version.get_kind_display(),
        "day": day,
    }


def _title(version: TextVersion) -> str:
    instrument = version.instrument
    named = instrument.short_citation
    return named if named == instrument.title else f"{named}: {instrument.title}"


class _Feed(Atom1Feed):
    """Atom whose `updated` is that of its entries, so that equal feeds are equal bytes."""

    def latest_post_date(self) -> dt.datetime:
        return self.feed["newest"]


def atom(versions: Sequence[TextVersion]) -> bytes:
    """The texts as an Atom document."""
    moments = [version.published_at for version in versions if version.published_at]
    feed = _Feed(
        title=_("KMS: yayımlanan mevzuat metinleri"),
        link=_absolute(reverse("kms:instruments")),
        description=_("Yeni kaydedilen ve güncellenen mevzuat."),
        language=get_language() or settings.LANGUAGE_CODE,
        author_name="KAYSİS",
        feed_url=_absolute(reverse("kms:atom")),
        newest=max(moments, default=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
    )
    for version in versions:
        feed.add_item(
            title=_title(version),
            link=_absolute(version.instrument.get_absolute_url()),
            description=_text(version),
            unique_id=_id(version),
            pubdate=version.published_at,
            updateddate=version.published_at,
            categories=[version.instrument.type],
        )
    return feed.writeString("utf-8").encode()


def json_feed(versions: Sequence[TextVersion]) -> bytes:
    """The texts as a JSON Feed document."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _("KMS: yayımlanan mevzuat metinleri"),
            "home_page_url": _absolute(reverse("kms:instruments")),
            "feed_url": _absolute(reverse("kms:json-feed")),
            "language": get_language() or settings.LANGUAGE_CODE,
            "items": [
                {
                    "id": _id(version),
                    "url": _absolute(version.instrument.get_absolute_url()),
                    "title": _title(version),
                    "content_text": _text(version),
                    "date_published": (version.published_at or version.created_at).isoformat(),
                    "tags": [version.instrument.type],
                    "_kms": {
                        "instrument": version.instrument_id,
                        "version": version.pk,
                        "kind": version.kind,
                        "valid_from": version.valid_from,
                        "eli": _absolute(version.instrument.eli),
                    },
                }
                for version in versions
            ],
        },
        option=orjson.OPT_INDENT_2,
    )
