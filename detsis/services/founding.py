"""The plain founding of one unit, in one call of a database function.

Nearly every change that creates a unit creates one, below a unit that has room. For that case
`FUNCTION` does all that `detsis.services.record` does, in the same order and under the same locks,
with plans the session keeps. Where anything is not plain it writes nothing and says so, and the
general way makes room, or refuses with a message.

A change here needs a migration that runs CREATE_FUNCTION again (a test compares the two).
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection
from psycopg2.extras import Json

from detsis import counts, rules, tree
from detsis.models import ChangeSet, Unit, UnitChange
from detsis.services import projection
from detsis.timeline import FACTS, KEP, KEYS, Step, Version, fold
from kaysis.accounts.audit.context import current as current_audit_context
from kaysis.accounts.models import Person
from kaysis.common import indexing
from kaysis.common.errors import friendly_integrity
from kaysis.common.pagecache import bump_data_version

if TYPE_CHECKING:
    from detsis.services.record import Wanted

FUNCTION = "detsis_found"
# What the function takes, in this order: the unit as a row of its table, whether its version is
# active (a unit of the future is not yet), the figures it counts in, and the columns of the change.
PARAMETERS = {
    "given": "jsonb",
    "lives": "boolean",
    "figures": "text[]",
    "kind": "text",
    "assignments": "jsonb",
    "reason": "text",
    "legal_reference": "text",
    "change_set": "bigint",
    "recorded_by": "bigint",
    "source": "text",
    "ip": "inet",
    "request": "text",
    "later": "boolean",
}


def record_plain(
    w: Wanted,
    *,
    actor: Person | None,
    source: str,
    change_set: ChangeSet | None,
    today: dt.date,
) -> UnitChange | None:
    """Record that a unit comes into being; None when that is not plain, and nothing was written.

    Raises RuleViolation for values that no unit may have.
    """
    rules.check_shape([w], {w.unit})
    with rules.about(w):
        rules.check_kind(w, None)
    versions = fold([Step(0, w.effective_on, w.assignments)])
    unit = Unit(detsis_no=w.unit)
    unit.parent_id = projection.set_facts(unit, versions, today)
    if unit.parent_id is None:
        return None
    origin = current_audit_context()
    change = UnitChange(
        unit_id=w.unit,
        kind=w.kind,
        effective_on=w.effective_on,
        assignments=dict(w.assignments),
        reason=w.reason,
        legal_reference=w.legal_reference,
        change_set=change_set,
        recorded_by=actor,
        source=source,
        ip_address=origin.get("ip"),
        request_id=origin.get("request_id", ""),
        scheduled=w.effective_on > today,
    )
    if not _write(unit, versions[0], change):
        return None
    if KEP in w.assignments:
        step = Step(change.pk, w.effective_on, w.assignments)
        projection.write_kep_addresses({w.unit: {change.pk: step}}, fresh=[w.unit])
    indexing.reindex("unit", [w.unit])
    bump_data_version()
    return change


def _write(unit: Unit, version: Version, change: UnitChange) -> bool:
    given = {name: getattr(unit, name) for name in _WRITTEN}
    own = counts.own_steps([(version.valid_from, None, version.facts)])
    values = (
        Json(given, dumps=_dumps),
        version.facts["active"],
        sorted({figure for figure, _day in own}),
        change.kind,
        Json(change.assignments, dumps=_dumps),
        change.reason,
        change.legal_reference,
        change.change_set_id,
        change.recorded_by_id,
        change.source,
        change.ip_address,
        change.request_id,
        change.scheduled,
    )
    with friendly_integrity(Unit, UnitChange), connection.cursor() as cursor:
        cursor.execute(_CALL, values)
        found = cursor.fetchone()
    if found is None:
        return False
    change.pk, change.recorded_at = found
    change._state.adding, change._state.db = False, DEFAULT_DB_ALIAS
    return True


def _dumps(value: Any) -> str:
    return json.dumps(value, default=str)


_FACT_COLUMNS = [f"{fact}_id" if fact in KEYS else fact for fact in FACTS if fact != "active"]
_WRITTEN = ["detsis_no", *_FACT_COLUMNS, "active", "valid_from", "valid_to"]
_VALUES = ", ".join(f"%s::{kind}" for kind in PARAMETERS.values())
_CALL = f"SELECT * FROM {FUNCTION}({_VALUES})"
_P = {name: f"${place}" for place, name in enumerate(PARAMETERS, 1)}
_KNOWN = " AND ".join(
    f"(u.{key}_id IS NULL OR EXISTS (SELECT FROM {table._meta.db_table} WHERE code = u.{key}_id))"
    for key, table in rules.CODE_TABLES.items()
)
_FACTS = ", ".join(_FACT_COLUMNS)
_FACTS_OF_U = ", ".join(f"u.{column}" for column in _FACT_COLUMNS)

# What the unit counts goes to itself, to its parent from the same day on, and further up for as
# long as each hangs there.
CREATE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}({", ".join(PARAMETERS.values())})
RETURNS TABLE (id bigint, recorded_at timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $body$
#variable_conflict use_column
DECLARE
    u detsis_unit;
    p record;
    room bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('{tree.LOCK}', 0));
    PERFORM pg_advisory_xact_lock(hashtextextended('number/detsis.unit/detsis_no', 0));
    u := jsonb_populate_record(NULL::detsis_unit, {_P["given"]});
    SELECT lft, rght, level,
           coalesce((SELECT max(c.rght) FROM detsis_unit c WHERE c.parent_id = u.parent_id), lft)
               AS last
        INTO p FROM detsis_unit WHERE detsis_no = u.parent_id;
    room := p.rght - p.last - 1;
    IF room IS NULL OR room < 2
        OR EXISTS (SELECT FROM detsis_unit WHERE detsis_no = u.detsis_no)
        OR NOT (u.civil_authority_id IS NULL
            OR EXISTS (SELECT FROM detsis_unit WHERE detsis_no = u.civil_authority_id))
        OR NOT ({_KNOWN})
        OR NOT coalesce(daterange(u.valid_from, NULL) <@ (
            SELECT range_agg(validity) FROM detsis_unitversion
            WHERE unit_id = u.parent_id AND (active OR NOT {_P["lives"]})), false)
    THEN
        RETURN;
    END IF;
    INSERT INTO detsis_unit (detsis_no, {_FACTS}, active, valid_from, valid_to, lft, rght, level,
                             tree_id)
    VALUES (u.detsis_no, {_FACTS_OF_U}, u.active, u.valid_from, u.valid_to, p.last + 1,
            p.last + greatest(2, least({tree.LEAF_WIDTH}, room / 8)), p.level + 1, 1);
    INSERT INTO detsis_unitversion (unit_id, {_FACTS}, active, validity)
    VALUES (u.detsis_no, {_FACTS_OF_U}, {_P["lives"]}, daterange(u.valid_from, NULL));
    INSERT INTO detsis_unitcount AS c (unit_id, figure, effective_on, delta)
    WITH RECURSIVE above(unit_id, during) AS (
        SELECT u.parent_id, daterange(u.valid_from, NULL)
        UNION ALL
        SELECT v.parent_id, v.validity * a.during FROM above a JOIN detsis_unitversion v
            ON v.unit_id = a.unit_id AND v.validity && a.during
        WHERE v.parent_id IS NOT NULL
    )
    SELECT a.unit_id, f.figure, d.day, sum(d.delta)
    FROM (SELECT u.detsis_no AS unit_id, daterange(u.valid_from, NULL) AS during
          UNION ALL SELECT * FROM above) a
    CROSS JOIN unnest({_P["figures"]}) AS f(figure)
    CROSS JOIN LATERAL (VALUES (lower(a.during), 1), (upper(a.during), -1)) AS d(day, delta)
    WHERE d.day IS NOT NULL
    GROUP BY a.unit_id, f.figure, d.day HAVING sum(d.delta) <> 0
    ORDER BY a.unit_id, f.figure, d.day
    ON CONFLICT (unit_id, figure, effective_on) DO UPDATE SET delta = c.delta + excluded.delta;
    RETURN QUERY INSERT INTO detsis_unitchange AS n (unit_id, kind, effective_on, assignments,
        before, reason, legal_reference, change_set_id, recorded_by_id, source, ip_address,
        request_id, scheduled)
    VALUES (u.detsis_no, {_P["kind"]}, u.valid_from, {_P["assignments"]}, '{{}}',
        {_P["reason"]}, {_P["legal_reference"]}, {_P["change_set"]}, {_P["recorded_by"]},
        {_P["source"]}, {_P["ip"]}, {_P["request"]}, {_P["later"]})
    RETURNING n.id, n.recorded_at;
END
$body$
"""
DROP_FUNCTION = f"DROP FUNCTION IF EXISTS {FUNCTION}({', '.join(PARAMETERS.values())})"
