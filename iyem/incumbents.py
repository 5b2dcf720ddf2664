"""Who is in office, read for public pages and charts.

Written in SQL: the page of every unit and every box of a chart shows it, and reading the same as
objects (`selectors.chairs_of`, for whoever works with them) takes ten times as long.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils import timezone

from iyem.models import Slot
from kaysis.common import turkish
from kaysis.common.kept import KeptQuery
from kaysis.common.pagecache import keep_until


class Incumbent(NamedTuple):
    """Somebody in a slot of a post, at the moment asked for."""

    post_id: int
    ordinal: int
    post_kind: str
    slot: str
    title: str
    since: dt.datetime
    until: dt.datetime | None
    manager_code: int
    given_name: str
    family_name: str
    away: bool
    # The next moment at which an absence of theirs begins or ends.
    turns: dt.datetime | None
    has_curriculum: bool

    @property
    def full_name(self) -> str:
        """As `Person.full_name`."""
        return f"{self.given_name} {turkish.upper(self.family_name)}"


@dataclass(slots=True)
class Seat:
    """A post that somebody holds or keeps."""

    post_id: int
    ordinal: int
    post_kind: str
    slots: dict[str, Incumbent] = field(default_factory=dict)

    @property
    def holder(self) -> Incumbent | None:
        return self.slots.get(Slot.HOLDER)

    @property
    def acting(self) -> Incumbent | None:
        return self.slots.get(Slot.ACTING)

    @property
    def delegate(self) -> Incumbent | None:
        return self.slots.get(Slot.DELEGATE)

    @property
    def away(self) -> bool:
        """Whether whoever holds the post, or keeps it while it is vacant, is away."""
        bound = self.holder or self.acting
        return bound is not None and bound.away

    @property
    def signatory(self) -> Incumbent | None:
        """Who signs: the acting one while the holder is away."""
        return self.acting if self.away or self.holder is None else self.holder


@dataclass(slots=True)
class Known:
    """What is known of a unit: its filled posts, the head first."""

    seats: list[Seat] = field(default_factory=list)
    # Whether names from before İYEM are still shown (rule 11).
    has_legacy: bool = False


def known_of(units: Iterable[int], moment: dt.datetime | None = None) -> dict[int, Known]:
    """Of each of `units` who is in office at `moment` (None: now). One query.

    A page that shows who is in office now is kept until the next of them comes, goes or returns.
    """
    at = moment or timezone.now()
    found: dict[int, Known] = {}
    turns: list[dt.datetime] = []
    for unit, has_legacy, *row in KNOWN.fetch(p_units=list(units), p_at=at):
        known = found.setdefault(unit, Known(has_legacy=has_legacy))
        if row[0] is None:
            continue
        incumbent = Incumbent(*row)
        turns += _ahead(incumbent, at)
        if incumbent.since <= at:
            _seat_of(known, incumbent).slots[incumbent.slot] = incumbent
    if moment is None and turns:
        keep_until(min(turns))
    return found


def _ahead(incumbent: Incumbent, at: dt.datetime) -> Iterator[dt.datetime]:
    """The moments after `at` when they come, go, leave or return."""
    for turn in (incumbent.since, incumbent.until, incumbent.turns):
        if turn is not None and turn > at:
            yield turn


def _seat_of(known: Known, incumbent: Incumbent) -> Seat:
    """They come ordered by post."""
    if not known.seats or known.seats[-1].post_id != incumbent.post_id:
        known.seats.append(Seat(incumbent.post_id, incumbent.ordinal, incumbent.post_kind))
    return known.seats[-1]


# What the register holds now of `p_at` and of later. Values, not EXISTS, which PostgreSQL may
# answer by reading all names there are.
KNOWN = KeptQuery(
    "iyem_incumbents",
    {"p_units": "int[]", "p_at": "timestamptz"},
    {
        "unit": "int",
        "has_legacy": "boolean",
        "post_id": "bigint",
        "ordinal": "int",
        "post_kind": "text",
        "slot": "text",
        "title": "text",
        "since": "timestamptz",
        "until": "timestamptz",
        "manager_code": "int",
        "given_name": "text",
        "family_name": "text",
        "away": "boolean",
        "turns": "timestamptz",
        "has_curriculum": "boolean",
    },
    """
    SELECT u.unit,
        (SELECT true FROM iyem_legacymanager
            WHERE unit_id = u.unit AND wipe_id IS NULL LIMIT 1) IS NOT NULL,
        p.id, p.ordinal::int, p.kind::text, s.slot::text, s.title::text,
        lower(s.validity), upper(s.validity),
        m.manager_code, person.given_name::text, person.family_name::text,
        coalesce(away.now, false), away.turns,
        (SELECT true FROM iyem_curriculum WHERE manager_id = m.id AND status = 'approved'
            AND consent_at IS NOT NULL LIMIT 1) IS NOT NULL
    FROM unnest(p_units) AS u(unit)
    LEFT JOIN (
        iyem_post p
        JOIN iyem_appointmentstate s ON s.post_id = p.id AND upper_inf(s.known)
            AND (upper_inf(s.validity) OR upper(s.validity) > p_at)
        JOIN iyem_manager m ON m.id = s.manager_id
        JOIN accounts_person person ON person.id = m.person_id
        LEFT JOIN LATERAL (
            SELECT bool_or(a.validity @> p_at) AS now,
                min(turn) FILTER (WHERE turn > p_at) AS turns
            FROM iyem_absencestate a
            CROSS JOIN LATERAL (VALUES (lower(a.validity)), (upper(a.validity))) AS b(turn)
            WHERE a.appointment_id = s.appointment_id AND upper_inf(a.known)
                AND (upper_inf(a.validity) OR upper(a.validity) > p_at)
        ) away ON TRUE
    ) ON p.unit_id = u.unit
    ORDER BY u.unit, p.ordinal, p.id, lower(s.validity)
    """,
)
