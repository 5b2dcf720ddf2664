from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models.functions import Upper

_TITLES = "ts_filter(vector, '{a,c}')"
_TITLED = "searched AND title <> ''"
INDEXES = (
    ("kms_passage_titles", _TITLES, _TITLED),
    ("kms_passage_titles_16", _TITLES, f"{_TITLED} AND id % 16 = 0"),
    ("kms_passage_words_8", "vector", "searched AND id % 8 = 0"),
    ("kms_passage_words_64", "vector", "searched AND id % 64 = 0"),
)

# The plan is kept in the session and made without looking at the words: making it anew for each
# query takes longer than running it. Every branch has an index of its own, and one that is not
# needed is not run; OR keeps a condition from the index. See decision 0401.
FOUND = """
CREATE FUNCTION kms_passages_found(sought tsquery, wanted tsquery)
RETURNS TABLE (id bigint, version_id bigint, rank real)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT DISTINCT ON (c.id) c.id, c.version_id,
        ts_rank('{0.1, 0.3, 0.6, 1.0}', c.vector, wanted, 1)
    FROM (
        (SELECT * FROM (
            SELECT p.id, p.version_id, p.vector FROM kms_passage p
            WHERE p.searched AND p.title <> '' AND p.anchor <> '' AND p.id % 16 = 0
                AND ts_filter(p.vector, '{a,c}') @@ wanted
            UNION ALL
            SELECT p.id, p.version_id, p.vector FROM kms_passage p
            WHERE p.searched AND p.title <> '' AND p.anchor <> '' AND p.id % 16 <> 0
                AND ts_filter(p.vector, '{a,c}') @@ wanted
        ) titled LIMIT 50)
        UNION ALL
        (SELECT * FROM (
            SELECT p.id, p.version_id, p.vector FROM kms_passage p
            WHERE p.searched AND p.anchor <> '' AND p.id % 64 = 0
                AND p.vector @@ sought AND (sought = wanted OR p.vector @@ wanted)
            UNION ALL
            SELECT p.id, p.version_id, p.vector FROM kms_passage p
            WHERE p.searched AND p.anchor <> '' AND p.id % 8 = 0 AND p.id % 64 <> 0
                AND p.vector @@ sought AND (sought = wanted OR p.vector @@ wanted)
            UNION ALL
            SELECT p.id, p.version_id, p.vector FROM kms_passage p
            WHERE p.searched AND p.anchor <> '' AND p.id % 8 <> 0
                AND p.vector @@ sought AND (sought = wanted OR p.vector @@ wanted)
        ) worded LIMIT 101)
    ) c;
END
$body$
"""
# How common a word is: in how many of one in 64 passages it stands, counted up to 500.
COMMON = """
CREATE FUNCTION kms_passages_having(wanted tsquery) RETURNS bigint
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $body$
BEGIN
    RETURN (SELECT count(*) FROM (
        SELECT 1 FROM kms_passage p WHERE p.searched AND p.id % 64 = 0 AND p.vector @@ wanted
        LIMIT 500) counted);
END
$body$
"""


class Migration(migrations.Migration):
    """Searching costs the same however common a word is, and the list is read in its order."""

    dependencies = [("kms", "0004_reference_names_and_decisions")]

    operations = [
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(
                fields=["rank", "title_sort", "id"],
                include=["type"],
                condition=models.Q(published=True),
                name="kms_instrument_order",
            ),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(
                fields=["rank", "ended", "id"],
                condition=models.Q(published=True),
                name="kms_instrument_first",
            ),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=GinIndex(
                fields=["title_folded"],
                opclasses=["gin_trgm_ops"],
                name="kms_instrument_words",
            ),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(
                Upper("abbreviation"),
                condition=models.Q(("abbreviation", ""), _negated=True),
                name="kms_instrument_abbreviation",
            ),
        ),
        *(
            migrations.RunSQL(
                f"CREATE INDEX {name} ON kms_passage USING gin ({what}) WHERE {where}",
                f"DROP INDEX {name}",
            )
            for name, what, where in INDEXES
        ),
        migrations.RunSQL(FOUND, "DROP FUNCTION kms_passages_found(tsquery, tsquery)"),
        migrations.RunSQL(COMMON, "DROP FUNCTION kms_passages_having(tsquery)"),
    ]
