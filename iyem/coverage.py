"""The coverage board: which units lack a signatory, officers or a confirmation, and how many.

What a unit lacks depends on what is above it (grants, confirmations) and on the clock (terms and
absences begin and end by themselves), so it is worked out whole, in one statement over all units,
every few minutes, and read from `UnitCoverage` by its key: decision 0304.

A unit lacks
- a signatory, when nobody may sign for it now, confirmed or not (`iyem.authority`);
- officers, when fewer than two people look after it (`iyem.permissions`);
- a confirmation, when somebody would be allowed to sign for it if the list were confirmed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from iyem.models import CoverageTotal, Gap, TotalKind
from kaysis.accounts.models import Role
from kaysis.common.locks import advisory_lock

LEAST_OFFICERS = 2
SUMS = ("units", "unsigned", "understaffed", "unconfirmed", "unregistered")


@transaction.atomic
def refresh(*, now: dt.datetime | None = None) -> int:
    """Work everything out anew as of `now`. Returns how many units' rows changed.

    Rows that stay the same are not written. Two runs at once: the second waits.
    """
    advisory_lock("iyem.coverage")
    now = now or timezone.now()
    params: dict[str, Any] = {
        "now": now,
        "patience": dt.timedelta(days=settings.IYEM_CONFIRMATION_DAYS),
        "least": LEAST_OFFICERS,
        "authorised": Role.IYEM_AUTHORISED.value,
        "registrar": Role.IYEM_REGISTRAR.value,
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.iyem_covered")
        cursor.execute(f"CREATE TEMP TABLE iyem_covered ON COMMIT DROP AS {_COVERED}", params)
        cursor.execute(_STORE)
        changed: int = cursor.rowcount
        cursor.execute(
            "DELETE FROM iyem_unitcoverage c WHERE NOT EXISTS"
            " (SELECT 1 FROM iyem_covered n WHERE n.unit_id = c.unit_id)"
        )
        changed += cursor.rowcount
        cursor.execute("DELETE FROM iyem_coveragetotal")
        cursor.execute(_TOTALS, params)
    return changed


def totals(kind: TotalKind, keys: Iterable[int] = (0,)) -> dict[int, CoverageTotal]:
    """Key → sums. One query."""
    found = CoverageTotal.objects.filter(kind=kind, key__in=list(keys))
    return {total.key: total for total in found}


def computed_at() -> dt.datetime | None:
    """The moment the rows speak of; None before the first run."""
    return (
        CoverageTotal.objects.filter(kind=TotalKind.STATE)
        .values_list("computed_at", flat=True)
        .first()
    )


class Office(NamedTuple):
    """A grant's role and unit, where reminders go."""

    role: str
    scope: int


def missing_at(offices: Collection[Office]) -> dict[Office, int]:
    """How many units that officers of each office look after have never been registered.

    One statement for all offices, over the rows of the last `refresh`.
    """
    wanted = list(offices)
    with connection.cursor() as cursor:
        cursor.execute(
            _MISSING,
            {
                "roles": [office.role for office in wanted],
                "scopes": [office.scope for office in wanted],
                "authorised": Role.IYEM_AUTHORISED.value,
            },
        )
        return {Office(role, scope): missing for role, scope, missing in cursor.fetchall()}


def condition(gap: Gap | str) -> dict[str, Any]:
    """The filter on `Unit` of those that lack it."""
    conditions: dict[Gap, dict[str, Any]] = {
        Gap.UNSIGNED: {"coverage__is_signed": False},
        Gap.UNDERSTAFFED: {"coverage__officers__lt": LEAST_OFFICERS},
        Gap.UNCONFIRMED: {"coverage__is_confirmed": False},
    }
    return conditions[Gap(gap)]


# What each scope adds: its officers, and when its list was confirmed. Handed down the tree by
# `walk`, so that every unit knows all that is above it. A scope counts as a civil authority only if
# units name it as theirs (`permissions.coordinated_by`).
#
# A subtree is the units whose lft lies in [lft, rght). So its sum is the running sum of all flags
# at rght less the running sum before lft: one sort for all sums at all units. What a civil
# authority's units lack is put down at the authority (`civil_…`) and summed in the same way.
_COVERED = """
WITH RECURSIVE marked AS (
    SELECT g.scope_detsis_no AS unit, g.role AS kind, g.person_id AS person,
        NULL::timestamptz AS confirmed_at,
        EXISTS (SELECT 1 FROM detsis_unit s WHERE s.civil_authority_id = g.scope_detsis_no)
            AS is_civil
    FROM accounts_rolegrant g JOIN accounts_person p ON p.id = g.person_id AND p.is_active
    WHERE g.role IN (%(authorised)s, %(registrar)s) AND g.validity @> %(now)s::timestamptz
    UNION ALL
    SELECT scope_id, reach, NULL, confirmed_at, false
    FROM iyem_confirmation WHERE confirmed_at <= %(now)s
), marks AS MATERIALIZED (
    SELECT unit,
        coalesce(array_agg(person) FILTER (WHERE kind = %(authorised)s), '{}') AS authorised,
        coalesce(array_agg(person) FILTER (WHERE kind = %(registrar)s), '{}') AS registrars,
        coalesce(array_agg(person) FILTER (WHERE kind = %(authorised)s AND is_civil), '{}')
            AS civil,
        max(confirmed_at) FILTER (WHERE kind = 'hierarchy') AS hierarchy_at,
        max(confirmed_at) FILTER (WHERE kind = 'subtree') AS subtree_at,
        max(confirmed_at) FILTER (WHERE kind = 'civil') AS civil_at
    FROM marked GROUP BY unit
), walk AS (
    SELECT u.detsis_no AS unit,
        CASE WHEN u.is_institution THEN u.detsis_no END AS institution, 0 AS depth,
        coalesce(m.authorised, '{}') AS authorised, coalesce(m.registrars, '{}') AS registrars,
        coalesce(m.civil, '{}') AS civil, m.hierarchy_at, m.subtree_at, m.civil_at
    FROM detsis_unit u LEFT JOIN marks m ON m.unit = u.detsis_no WHERE u.parent_id IS NULL
    UNION ALL
    SELECT u.detsis_no,
        CASE WHEN u.is_institution THEN u.detsis_no ELSE w.institution END,
        CASE WHEN u.is_institution THEN 0 ELSE w.depth + 1 END,
        w.authorised || m.authorised, w.registrars || m.registrars, w.civil || m.civil,
        greatest(w.hierarchy_at, m.hierarchy_at), greatest(w.subtree_at, m.subtree_at),
        greatest(w.civil_at, m.civil_at)
    FROM walk w JOIN detsis_unit u ON u.parent_id = w.unit LEFT JOIN marks m ON m.unit = u.detsis_no
), signing AS (
    SELECT unit_id, min(recorded_at) AS recorded_at FROM (
        SELECT s.unit_id, s.manager_id,
            max(greatest(a.registered_at, lower(s.known))) AS recorded_at
        FROM iyem_appointmentstate s JOIN iyem_appointment a ON a.id = s.appointment_id
        WHERE upper_inf(s.known) AND s.validity @> %(now)s::timestamptz
            AND a.registered_at <= %(now)s
            AND (s.slot = 'delegate' OR NOT EXISTS (
                SELECT 1 FROM iyem_absencestate b
                WHERE b.appointment_id = s.appointment_id AND upper_inf(b.known)
                    AND b.validity @> %(now)s::timestamptz))
        GROUP BY s.unit_id, s.manager_id
    ) managers GROUP BY unit_id
), registered AS (
    SELECT p.unit_id, min(a.registered_at) AS registered_at
    FROM iyem_post p JOIN iyem_appointment a ON a.post_id = p.id AND p.ordinal = 0
    JOIN iyem_appointmentstate s ON s.appointment_id = a.id
    WHERE upper_inf(s.known) AND NOT isempty(s.validity)
    GROUP BY p.unit_id
), standing AS MATERIALIZED (
    SELECT u.detsis_no AS unit_id, u.active AND u.valid_from IS NOT NULL AS active, u.lft, u.rght,
        u.province_id, u.civil_authority_id AS authority, w.institution AS institution_id, w.depth,
        CASE WHEN u.civil_authority_id IS NULL THEN w.authorised
            ELSE coalesce(m.authorised, '{}') END
            || w.registrars || coalesce(c.civil, '{}') AS people,
        s.unit_id IS NOT NULL AS is_signed,
        s.unit_id IS NULL OR %(now)s::timestamptz - greatest(s.recorded_at, w.subtree_at,
            CASE WHEN u.civil_authority_id IS NULL THEN w.hierarchy_at END, c.civil_at)
            <= %(patience)s::interval AS is_confirmed,
        r.registered_at
    FROM walk w JOIN detsis_unit u ON u.detsis_no = w.unit
    LEFT JOIN marks m ON m.unit = w.unit
    LEFT JOIN walk c ON c.unit = u.civil_authority_id
    LEFT JOIN signing s ON s.unit_id = w.unit
    LEFT JOIN registered r ON r.unit_id = w.unit
), counted AS (
    SELECT people, (SELECT count(DISTINCT person) FROM unnest(people) AS t(person)) AS officers
    FROM (SELECT DISTINCT people FROM standing) each
), facts AS MATERIALIZED (
    SELECT s.*, n.officers,
        s.active::int AS one,
        (s.active AND NOT s.is_signed)::int AS no_signatory,
        (s.active AND n.officers < %(least)s)::int AS few_officers,
        (s.active AND NOT s.is_confirmed)::int AS no_confirmation,
        (s.active AND s.registered_at IS NULL)::int AS no_registration
    FROM standing s JOIN counted n ON n.people = s.people
), of_civil AS (
    SELECT authority, sum(one) AS one, sum(no_signatory) AS no_signatory,
        sum(few_officers) AS few_officers, sum(no_confirmation) AS no_confirmation,
        sum(no_registration) AS no_registration
    FROM facts WHERE authority IS NOT NULL GROUP BY authority
), ends AS (
    SELECT f.lft AS at, 1 AS turn, f.unit_id, f.one, f.no_signatory, f.few_officers,
        f.no_confirmation, f.no_registration, c.one AS c_one, c.no_signatory AS c_no_signatory,
        c.few_officers AS c_few_officers, c.no_confirmation AS c_no_confirmation,
        c.no_registration AS c_no_registration
    FROM facts f LEFT JOIN of_civil c ON c.authority = f.unit_id
    UNION ALL
    SELECT rght, 0, unit_id, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL FROM facts
), running AS (
    SELECT unit_id, turn, one, no_signatory, few_officers, no_confirmation, no_registration,
        c_one, c_no_signatory, c_few_officers, c_no_confirmation, c_no_registration,
        sum(one) OVER w AS r_one, sum(no_signatory) OVER w AS r_no_signatory,
        sum(few_officers) OVER w AS r_few_officers,
        sum(no_confirmation) OVER w AS r_no_confirmation,
        sum(no_registration) OVER w AS r_no_registration,
        coalesce(sum(c_one) OVER w, 0) AS rc_one,
        coalesce(sum(c_no_signatory) OVER w, 0) AS rc_no_signatory,
        coalesce(sum(c_few_officers) OVER w, 0) AS rc_few_officers,
        coalesce(sum(c_no_confirmation) OVER w, 0) AS rc_no_confirmation,
        coalesce(sum(c_no_registration) OVER w, 0) AS rc_no_registration
    FROM ends WINDOW w AS (ORDER BY at, turn ROWS UNBOUNDED PRECEDING)
)
SELECT f.unit_id, f.active, f.institution_id, f.depth, f.is_signed, f.is_confirmed, f.officers,
    f.registered_at, f.province_id, f.one, f.no_signatory, f.few_officers, f.no_confirmation,
    f.no_registration,
    e.r_one - b.r_one + b.one AS units,
    e.r_no_signatory - b.r_no_signatory + b.no_signatory AS unsigned,
    e.r_few_officers - b.r_few_officers + b.few_officers AS understaffed,
    e.r_no_confirmation - b.r_no_confirmation + b.no_confirmation AS unconfirmed,
    e.r_no_registration - b.r_no_registration + b.no_registration AS unregistered,
    EXISTS (SELECT 1 FROM of_civil c WHERE c.authority = f.unit_id) AS is_civil,
    e.rc_one - b.rc_one + coalesce(b.c_one, 0) AS civil_units,
    e.rc_no_signatory - b.rc_no_signatory + coalesce(b.c_no_signatory, 0) AS civil_unsigned,
    e.rc_few_officers - b.rc_few_officers + coalesce(b.c_few_officers, 0) AS civil_understaffed,
    e.rc_no_confirmation - b.rc_no_confirmation + coalesce(b.c_no_confirmation, 0)
        AS civil_unconfirmed,
    e.rc_no_registration - b.rc_no_registration + coalesce(b.c_no_registration, 0)
        AS civil_unregistered
FROM facts f
JOIN running b ON b.unit_id = f.unit_id AND b.turn = 1
JOIN running e ON e.unit_id = f.unit_id AND e.turn = 0
"""

_KEPT = (
    "active",
    "institution_id",
    "depth",
    "is_signed",
    "is_confirmed",
    "officers",
    "registered_at",
    *SUMS,
)
_STORE = f"""
INSERT INTO iyem_unitcoverage AS c (unit_id, {", ".join(_KEPT)})
SELECT unit_id, {", ".join(_KEPT)} FROM iyem_covered WHERE active OR units > 0
ON CONFLICT (unit_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _KEPT)}
WHERE ({", ".join(f"c.{name}" for name in _KEPT)})
    IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _KEPT)})
"""
_FLAGS = (
    "sum(one), sum(no_signatory), sum(few_officers), sum(no_confirmation), sum(no_registration)"
)
_TOTALS = f"""
INSERT INTO iyem_coveragetotal (kind, key, computed_at, {", ".join(SUMS)})
SELECT 'state', 0, %(now)s::timestamptz, coalesce(sum(one), 0), coalesce(sum(no_signatory), 0),
    coalesce(sum(few_officers), 0), coalesce(sum(no_confirmation), 0),
    coalesce(sum(no_registration), 0) FROM iyem_covered
UNION ALL
SELECT 'province', province_id, %(now)s::timestamptz, {_FLAGS}
FROM iyem_covered WHERE province_id IS NOT NULL GROUP BY province_id HAVING sum(one) > 0
UNION ALL
SELECT 'civil', unit_id, %(now)s::timestamptz, {", ".join(f"civil_{name}" for name in SUMS)}
FROM iyem_covered WHERE is_civil
"""

# What an office looks after (`permissions.coordinated_by`, `registered_by`), counted from the
# units that are missing: there are fewer and fewer of them.
_MISSING = """
WITH offices AS (
    SELECT o.role, o.scope, u.lft, u.rght,
        EXISTS (SELECT 1 FROM detsis_unit s WHERE s.civil_authority_id = o.scope) AS is_civil
    FROM unnest(%(roles)s::text[], %(scopes)s::int[]) AS o(role, scope)
    JOIN detsis_unit u ON u.detsis_no = o.scope
), missing AS MATERIALIZED (
    SELECT u.detsis_no, u.lft, u.civil_authority_id, a.lft AS authority_lft
    FROM iyem_unitcoverage c JOIN detsis_unit u ON u.detsis_no = c.unit_id
    LEFT JOIN detsis_unit a ON a.detsis_no = u.civil_authority_id
    WHERE c.active AND c.registered_at IS NULL
)
SELECT o.role, o.scope, count(*)
FROM offices o JOIN missing m ON CASE WHEN o.role = %(authorised)s THEN
        m.detsis_no = o.scope
        OR (m.civil_authority_id IS NULL AND m.lft >= o.lft AND m.lft < o.rght)
        OR (o.is_civil AND m.authority_lft >= o.lft AND m.authority_lft < o.rght)
    ELSE m.lft >= o.lft AND m.lft < o.rght END
GROUP BY o.role, o.scope
"""
