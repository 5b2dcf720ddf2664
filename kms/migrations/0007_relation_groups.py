from django.db import migrations

# Both directions at once: by kind and counterpart, the latest first, and only the first few of
# each with their totals. Places and names are read for these few only. The plan is kept in the
# session: making it anew for each page takes four times as long as running it. See decision 0402.
GROUPS = """
CREATE FUNCTION kms_relation_groups(of bigint, most integer)
RETURNS TABLE (kind text, outgoing boolean, total bigint, every bigint, id bigint, type text,
    number text, title text, reference_type text, reference_number text, reference_name text,
    relations bigint, until date, whole boolean, undone boolean, places text[])
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH grouped AS (
        SELECT kind, outgoing, other, ref, count(*) AS relations, max(day) AS until,
            bool_or(whole) AS whole, bool_and(undone) AS undone, array_agg(place) AS places
        FROM (
            SELECT kind::text COLLATE "C" AS kind, TRUE AS outgoing, target_id AS other,
                target_reference_id AS ref,
                coalesce(in_force_on, date) AS day, whole AND undone_on IS NULL AS whole,
                undone_on IS NOT NULL AS undone, target_place::text AS place
            FROM kms_relation WHERE source_id = of
            UNION ALL
            SELECT kind, FALSE, source_id, source_reference_id, coalesce(in_force_on, date),
                whole AND undone_on IS NULL, undone_on IS NOT NULL, target_place
            FROM kms_relation WHERE target_id = of
        ) sides GROUP BY kind, outgoing, other, ref
    ), ranked AS (
        SELECT s.*, count(*) OVER g AS total, sum(relations) OVER g AS every,
            row_number() OVER (PARTITION BY kind, outgoing
                ORDER BY until DESC NULLS LAST, other, ref) AS place_no
        FROM grouped s
        WHERE s.other IS NULL OR (SELECT published FROM kms_instrument i WHERE i.id = s.other)
        WINDOW g AS (PARTITION BY kind, outgoing)
    )
    SELECT f.kind, f.outgoing, f.total, f.every::bigint, i.id, i.type::text, i.number::text,
        i.title::text, r.type::text, r.number::text, r.name::text, f.relations, f.until, f.whole,
        f.undone,
        ARRAY(SELECT DISTINCT p FROM unnest(f.places) AS p WHERE p <> '' ORDER BY p LIMIT 6)
    FROM (SELECT * FROM ranked WHERE place_no <= most) f
    LEFT JOIN LATERAL (
        SELECT id, type, number, title FROM kms_instrument WHERE id = f.other LIMIT 1) i ON TRUE
    LEFT JOIN LATERAL (
        SELECT type, number, name FROM kms_reference WHERE id = f.ref LIMIT 1) r ON TRUE
    ORDER BY f.kind, f.outgoing, f.place_no;
END
$body$
"""
# Pages of the reading view, joined: however long the text, one row. With the footnotes they call.
PAGES = """
CREATE FUNCTION kms_text_pages(of bigint, first integer, last integer)
RETURNS TABLE (html text, articles text[], footnotes text)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT shown.html, shown.articles, (
        SELECT string_agg(n.html, E'\\n' ORDER BY n.ordinal) FROM kms_passage n
        WHERE n.version_id = of AND n.part = 0 AND shown.calls AND n.anchor IN (
            SELECT unnest(c.footnotes) FROM kms_passage c
            WHERE c.version_id = of AND c.part BETWEEN first AND last))
    FROM (
        SELECT string_agg(p.html, E'\\n' ORDER BY p.ordinal) AS html,
            bool_or(p.footnotes <> '{}') AS calls,
            array_agg(ARRAY[p.anchor::text, left(p.title, 200)] ORDER BY p.ordinal)
                FILTER (WHERE p.kind = 'article' AND p.anchor <> '') AS articles
        FROM kms_passage p
        WHERE p.version_id = of AND p.part BETWEEN first AND last
    ) shown;
END
$body$
"""


class Migration(migrations.Migration):
    """What an instrument's page reads of relations and of the text, by plans that are kept."""

    dependencies = [("kms", "0006_same_draft_once")]

    operations = [
        migrations.RunSQL(GROUPS, "DROP FUNCTION kms_relation_groups(bigint, integer)"),
        migrations.RunSQL(PAGES, "DROP FUNCTION kms_text_pages(bigint, integer, integer)"),
    ]
