"""All rows of a sheet, in one transaction."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from iyem.officer.bulk.reading import Item, Row
from iyem.services.bulk import Entry, EntryRefused, register_many
from kaysis.accounts.models import Person
from kaysis.common.errors import Conflict


def save(*, actor: Person, rows: list[Row]) -> int:
    """Register everybody, or nobody; how many. Earlier terms and lower chairs come first.

    Raises `NotAllowed`, or `Conflict` that names the line which somebody else made impossible.
    """
    wanted = [(row, row.item) for row in rows if row.item is not None and not row.problems]
    wanted.sort(key=lambda each: (each[1].unit, each[1].ordinal, each[1].starts_at))
    try:
        made = register_many(actor=actor, entries=[_entry(item) for _row, item in wanted])
    except EntryRefused as refused:
        error = refused.error
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise Conflict(
            _("%(line)d. satır: %(text)s Hiçbir satır kaydedilmedi.")
            % {"line": wanted[refused.place][0].line, "text": text}
        ) from error
    return len(made)


def _entry(item: Item) -> Entry:
    return Entry(
        fingerprint=item.fingerprint,
        secret=item.secret,
        given_name=item.given_name,
        family_name=item.family_name,
        unit=item.unit,
        ordinal=item.ordinal,
        title=item.title,
        kind=item.kind,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        legal_ground=item.legal_ground,
    )
