"""The database's half of an answer: `iyem_signing_facts`, called by `iyem.authority`.

JSON text: one array per question and appointment of the manager in the unit, in no order, with
nulls where there is none; `n` counts the questions from 1, the other places are those of
`iyem.authority._held`. Confirmations are looked for at every unit above, by the reach they were
given with. Migrations take the text from here; whoever changes it writes a migration that runs it
again.

Why it looks like this (docs/decisions/0305): left alone, the planner makes a new plan for every
call, since it takes arrays of unknown length for ten questions, and planning takes five times as
long as answering. One text instead of a set of rows spares the database the machinery of sets, and
the driver a dozen conversions.
"""

SIGNING_FACTS = """
CREATE FUNCTION iyem_signing_facts(
    units int[], codes int[], moments timestamptz[], knowns timestamptz[], zone text
) RETURNS text LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    facts text;
BEGIN
    SELECT json_agg(json_build_array(
            q.n, u.detsis_no IS NOT NULL, m.id IS NOT NULL, coalesce(v.active, false),
            s.appointment_id, s.kind, s.title, lower(s.validity), upper(s.validity),
            a.registered_at, lower(s.known), away.spans, c.confirmed_at
        ))
    INTO facts
    FROM unnest(units, codes, moments, knowns) WITH ORDINALITY AS q(unit, code, at, known_at, n)
    LEFT JOIN detsis_unit u ON u.detsis_no = q.unit AND u.valid_from IS NOT NULL
    LEFT JOIN iyem_manager m ON m.manager_code = q.code
    LEFT JOIN detsis_unitversion v ON v.unit_id = q.unit
        AND v.validity @> (q.at AT TIME ZONE zone)::date
    LEFT JOIN iyem_appointmentstate s ON s.unit_id = q.unit AND s.manager_id = m.id
        AND s.known @> q.known_at AND NOT isempty(s.validity)
    LEFT JOIN iyem_appointment a ON a.id = s.appointment_id
    LEFT JOIN LATERAL (
        SELECT array_agg(ARRAY[lower(b.validity), upper(b.validity)] ORDER BY b.validity) AS spans
        FROM iyem_absencestate b
        WHERE b.appointment_id = s.appointment_id AND b.known @> q.known_at
            AND NOT isempty(b.validity)
    ) away ON s.slot <> 'delegate'
    LEFT JOIN LATERAL (
        WITH RECURSIVE above(unit, parent, civil) AS (
            SELECT u.detsis_no, u.parent_id, false
            UNION ALL
            SELECT w.detsis_no, w.parent_id, true FROM detsis_unit w
            WHERE w.detsis_no = u.civil_authority_id
            UNION ALL
            SELECT p.detsis_no, p.parent_id, above.civil
            FROM above JOIN detsis_unit p ON p.detsis_no = above.parent
        )
        SELECT max(k.confirmed_at) AS confirmed_at
        FROM above JOIN iyem_confirmation k
            ON k.scope_id = above.unit AND k.confirmed_at <= least(q.at, q.known_at)
            AND CASE WHEN above.civil THEN k.reach = 'civil'
                ELSE k.reach = 'subtree'
                    OR (k.reach = 'hierarchy' AND u.civil_authority_id IS NULL) END
    ) c ON s.appointment_id IS NOT NULL;
    RETURN facts;
END $$;
"""
DROP_SIGNING_FACTS = """
DROP FUNCTION iyem_signing_facts(int[], int[], timestamptz[], timestamptz[], text);
"""
