"""The database's half of an answer: `iyem_signing_facts`, called by `iyem.authority`.

Rows: one per appointment of the manager in the unit, with nulls where there is none. Confirmations
are looked for at every unit above, by the reach they were given with. Migrations take the text from
here; whoever changes it writes a migration that runs it again.
"""

SIGNING_FACTS = """
CREATE OR REPLACE FUNCTION iyem_signing_facts(
    units int[], codes int[], moments timestamptz[], knowns timestamptz[], zone text
) RETURNS TABLE (
    n bigint, unit_known boolean, manager_known boolean, unit_active boolean,
    appointment bigint, kind varchar, title varchar, since timestamptz, until timestamptz,
    registered_at timestamptz, recorded_at timestamptz, absences timestamptz[],
    confirmed_at timestamptz
) LANGUAGE plpgsql STABLE ROWS 2 AS $$
#variable_conflict use_column
BEGIN RETURN QUERY
    SELECT q.n, u.detsis_no IS NOT NULL, m.id IS NOT NULL, coalesce(v.active, false),
        s.appointment_id, s.kind, s.title, lower(s.validity), upper(s.validity),
        a.registered_at, lower(s.known), away.spans, c.confirmed_at
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
        SELECT max(last.confirmed_at) AS confirmed_at
        FROM above CROSS JOIN LATERAL (
            SELECT k.confirmed_at FROM iyem_confirmation k
            WHERE k.scope_id = above.unit AND k.confirmed_at <= least(q.at, q.known_at)
                AND CASE WHEN above.civil THEN k.reach = 'civil'
                    ELSE k.reach = 'subtree'
                        OR (k.reach = 'hierarchy' AND u.civil_authority_id IS NULL) END
            ORDER BY k.confirmed_at DESC LIMIT 1
        ) last
    ) c ON s.appointment_id IS NOT NULL
    ORDER BY q.n, s.appointment_id;
END $$;
"""
