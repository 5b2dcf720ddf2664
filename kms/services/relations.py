"""Relations: read from texts in bulk, resolved when what they cite is recorded, or entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.models import Person
from kaysis.common import indexing
from kaysis.common.errors import RuleViolation, friendly_integrity
from kaysis.common.pagecache import bump_data_version
from kms.models import Instrument, Origin, Relation, RelationKind
from kms.permissions import may_edit
from kms.readings import Claim
from kms.storing import copy_rows

_CLAIM = {
    "instrument_id": "bigint",
    "version_id": "bigint",
    "kind": "text",
    "verb": "text",
    "o_type": "text",
    "o_number": "text",
    "o_date": "date",
    "o_name": "text",
    "incoming": "boolean",
    "origin": "text",
    "place": "text",
    "anchor": "text",
    "part": "text",
    "other_place": "text",
    "whole": "boolean",
    "date": "date",
    "in_force_on": "date",
    "note": "text",
}
_OWN = """
    DELETE FROM kms_claim c USING kms_instrument i
    WHERE i.id = c.instrument_id AND i.type = c.o_type AND i.number = c.o_number
        AND (c.o_number <> '' OR i.title_folded = kaysis_fold(c.o_name))
        AND (c.o_date IS NULL OR i.accepted_on IS NULL OR c.o_date = i.accepted_on)
"""
# Number and day tell references apart; without one of them, the name does, too.
_REFERENCES = """
    INSERT INTO kms_reference (type, number, date, name)
    SELECT o_type, o_number, o_date, max(o_name) FROM kms_claim
    GROUP BY o_type, o_number, o_date,
        CASE WHEN o_date IS NULL OR o_number = '' THEN o_name ELSE '' END
    ON CONFLICT DO NOTHING
"""
_SAME = """r.type = c.o_type AND r.number = c.o_number AND r.date IS NOT DISTINCT FROM c.o_date
        AND (r.number <> '' AND r.date IS NOT NULL OR r.name = c.o_name)"""
_RELATIONS = f"""
    INSERT INTO kms_relation (kind, verb, source_id, source_reference_id, source_place,
        target_id, target_reference_id, target_place, target_anchor, target_part, whole, date,
        in_force_on, undone_note, origin, note, version_id, violation, recorded_at)
    SELECT c.kind, c.verb,
        CASE WHEN NOT c.incoming THEN c.instrument_id END,
        CASE WHEN c.incoming THEN r.id END,
        CASE WHEN c.incoming THEN c.other_place ELSE c.place END,
        CASE WHEN c.incoming THEN c.instrument_id END,
        CASE WHEN NOT c.incoming THEN r.id END,
        CASE WHEN c.incoming THEN c.place ELSE c.other_place END,
        CASE WHEN c.incoming THEN c.anchor ELSE '' END,
        c.part, c.whole,
        CASE WHEN c.incoming THEN c.date ELSE coalesce(c.date, i.accepted_on) END,
        CASE WHEN c.incoming THEN c.in_force_on
             ELSE coalesce(c.in_force_on, i.effective_from, i.gazette_date) END,
        '', c.origin, c.note, c.version_id, '', now()
    FROM kms_claim c JOIN kms_instrument i ON i.id = c.instrument_id
    JOIN kms_reference r ON {_SAME}
"""
_KNOWN = f"""
    SELECT DISTINCT r.id FROM kms_claim c JOIN kms_reference r ON {_SAME}
    WHERE r.resolved_id IS NOT NULL
"""
# Exactly one instrument of that number and date; else exactly one of that number in the same year
# or the next to it (dates in notes are misprinted); undated citations, the only one of the number,
# provided that a name, where one is given, is like its title: "3167 sayılı Kara Avcılığı Kanunu" is
# not the law on cheques that bears the number today.
_RESOLVE = """
    WITH found AS (
        SELECT r.id, count(*) FILTER (WHERE i.accepted_on = r.date) AS exact,
            min(i.id) FILTER (WHERE i.accepted_on = r.date) AS exact_id,
            count(*) AS near, min(i.id) AS near_id
        FROM kms_reference r JOIN kms_instrument i ON i.type = r.type AND i.number = r.number
        WHERE r.resolved_id IS NULL AND i.published AND r.number <> '' {only}
            AND (r.date IS NULL OR i.accepted_on IS NULL
                 OR abs(extract(year FROM i.accepted_on) - extract(year FROM r.date)) <= 1)
            AND (r.date IS NOT NULL OR r.name = ''
                 OR similarity(kaysis_fold(r.name), i.title_folded) > 0.4)
        GROUP BY r.id
    )
    UPDATE kms_reference r SET resolved_id = CASE WHEN exact = 1 THEN exact_id ELSE near_id END
    FROM found f WHERE f.id = r.id AND (exact = 1 OR exact = 0 AND near = 1)
    RETURNING r.id
"""
# What is cited by name alone is the youngest of that name that is not younger than what cites it:
# the commercial code of a law of 1957 is another one than that of a law of 2011. Several laws that
# adopt a decree of one and the same name adopt several decrees: such a name is no name.
_RESOLVE_NAMES = """
    WITH named AS (
        SELECT l.id, l.source_id, r.type, kaysis_fold(r.name) AS name,
            coalesce(s.accepted_on, s.gazette_date, 'infinity') AS day
        FROM kms_reference r JOIN kms_relation l ON l.target_reference_id = r.id
        JOIN kms_instrument s ON s.id = l.source_id
        WHERE r.number = '' AND r.name <> '' {only}
            AND (l.kind <> 'repeals' OR 2 > (
                SELECT count(DISTINCT other.source_id) FROM kms_relation other
                WHERE other.target_reference_id = r.id AND other.kind = 'repeals'))
    ), found AS (
        SELECT DISTINCT ON (n.id) n.id, i.id AS target_id
        FROM named n JOIN kms_instrument i ON i.type = n.type AND i.title_folded = n.name
            AND i.published AND i.id <> n.source_id
            AND coalesce(i.accepted_on, i.gazette_date, '-infinity') <= n.day
        ORDER BY n.id, coalesce(i.accepted_on, i.gazette_date) DESC NULLS LAST, i.id
    )
    UPDATE kms_relation l SET target_id = f.target_id, target_reference_id = NULL
    FROM found f WHERE f.id = l.id
"""
# Nothing amends or repeals what is younger than itself: such a citation names another instrument.
_MOVE = """
    UPDATE kms_relation l SET {side}_id = r.resolved_id, {side}_reference_id = NULL,
        in_force_on = CASE WHEN l.whole AND '{side}' = 'source'
            THEN coalesce(l.in_force_on, i.effective_from, i.gazette_date)
            ELSE l.in_force_on END
    FROM kms_reference r JOIN kms_instrument i ON i.id = r.resolved_id
    WHERE r.id = l.{side}_reference_id AND r.id = ANY(%s)
        AND l.{other}_id IS DISTINCT FROM r.resolved_id
        AND NOT EXISTS (
            SELECT 1 FROM kms_instrument o
            WHERE o.id = l.{other}_id AND l.kind IN ('amends', 'repeals') AND l.verb <> 'hukmu'
                AND i.accepted_on {older} o.accepted_on
        )
"""


@transaction.atomic
def record_claims(claims: Sequence[tuple[int, int, Claim]]) -> int:
    """Write what texts say: (instrument, version, claim) each. Returns the number of relations.

    What they cite and is known hangs on its instrument, the rest on references: what those name is
    then found by `resolve_references`.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS kms_claim")
        cursor.execute(
            "CREATE TEMP TABLE kms_claim"
            f" ({', '.join(f'{name} {kind}' for name, kind in _CLAIM.items())}) ON COMMIT DROP"
        )
        copy_rows(
            "kms_claim",
            list(_CLAIM),
            (
                (
                    instrument,
                    version or None,
                    c.kind,
                    c.verb,
                    c.other.type,
                    c.other.number[:60],
                    c.other.date,
                    c.other.name,
                    c.incoming,
                    c.origin,
                    c.place,
                    c.anchor,
                    c.part,
                    c.other_place,
                    c.whole,
                    c.date,
                    c.in_force_on,
                    c.note,
                )
                for instrument, version, c in claims
            ),
        )
        cursor.execute(_OWN)
        cursor.execute(_REFERENCES)
        cursor.execute(_RELATIONS)
        written = cursor.rowcount
        cursor.execute(_KNOWN)
        _move(cursor, [row[0] for row in cursor.fetchall()])
        return written


def _move(cursor: Any, references: list[int]) -> None:
    """Hang the relations of resolved references on what these name."""
    if references:
        cursor.execute(_MOVE.format(side="source", other="target", older="<"), [references])
        cursor.execute(_MOVE.format(side="target", other="source", older=">"), [references])


def resolve_references(instruments: Collection[int] | None = None) -> int:
    """Find what open references name, and move their relations there. Returns how many.

    With `instruments`, only references that may name one of these.
    """
    only, named, given = "", "", {}
    if instruments is not None:
        only = """AND (r.type, r.number) IN (
            SELECT type, number FROM kms_instrument WHERE id = ANY(%(ids)s))"""
        named = """AND kaysis_fold(r.name) IN (
            SELECT title_folded FROM kms_instrument WHERE id = ANY(%(ids)s))"""
        given = {"ids": list(instruments)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RESOLVE.format(only=only), given)
        found = [row[0] for row in cursor.fetchall()]
        _move(cursor, found)
        cursor.execute(_RESOLVE_NAMES.format(only=named), given)
    return len(found)


# --- Entered by people ------------------------------------------------------------------------


def _require(actor: Person | None, *instruments: Instrument) -> None:
    if actor is not None and not any(may_edit(actor, each) for each in instruments):
        raise PermissionDenied


def relate(
    *,
    actor: Person | None,
    source: Instrument,
    kind: str,
    targets: Sequence[Instrument],
    on: dt.date | None = None,
    source_place: str = "",
    target_place: str = "",
    note: str = "",
) -> int:
    """`source` acts on each of `targets`: one repeals a thousand, or rests on ten. All or nothing.

    Without a `target_place` the targets are meant as a whole. What the source already does to a
    target in the same way is left as it is. Returns the number of new relations. Raises
    ValidationError for what breaks rank or closes a circle of bases.
    """
    _require(actor, source)
    if kind not in RelationKind.values:
        raise RuleViolation(_("Böyle bir ilişki türü yok."), "kind")
    day = on or source.effective_from or source.gazette_date or source.accepted_on
    with friendly_integrity(Relation), transaction.atomic():
        # One list at a time: two that are sent at once would both find nothing recorded.
        Instrument.objects.select_for_update().get(pk=source.pk)
        known = set(
            Relation.objects.filter(
                source=source, kind=kind, target__in=targets, target_place=target_place
            ).values_list("target_id", flat=True)
        )
        rows = [
            Relation(
                kind=kind,
                verb="mulga" if kind == RelationKind.REPEALS else "",
                source=source,
                source_place=source_place,
                target=target,
                target_place=target_place,
                whole=not target_place,
                date=source.accepted_on or day,
                in_force_on=day,
                origin=Origin.EDITOR,
                note=note,
                recorded_by=actor,
            )
            for target in dict.fromkeys(targets)
            if target.pk not in known
        ]
        Relation.objects.bulk_create(rows, batch_size=1000)
        indexing.reindex("instrument", [source.pk, *(row.target_id or 0 for row in rows)])
        bump_data_version()
    return len(rows)


def undo_relation(
    *, actor: Person | None, relation: Relation, on: dt.date, reason: str
) -> Relation:
    """What the relation did no longer holds from `on`: the repeal was annulled, for example.

    An instrument that had ended by it is in force again. The row stays, with its reason.
    """
    sides = [side for side in (relation.source, relation.target) if side is not None]
    _require(actor, *sides)
    if relation.undone_on is not None:
        raise RuleViolation(_("Bu ilişki zaten hükümsüz."), "on", code="already_undone")
    if not reason.strip():
        raise RuleViolation(_("Neden hükümsüz kaldığını yazın."), "reason")
    began = relation.effective_on
    if began is not None and on < began:
        text = gettext("Bu tarih ilişkinin başlangıcından (%(day)s) önce.")
        raise RuleViolation(text % {"day": f"{began:%d.%m.%Y}"}, "on")
    with transaction.atomic():
        relation.undone_on, relation.undone_note = on, reason.strip()[:500]
        relation.full_clean()
        relation.save(update_fields=["undone_on", "undone_note"])
        indexing.reindex("instrument", [side.pk for side in sides])
        bump_data_version()
    return relation
