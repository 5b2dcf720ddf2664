"""How units stand in the search index, and which queries lead straight to one."""

import re
from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detsis import selectors
from detsis.models import KepAddress
from kaysis.common import indexing, jumps
from kaysis.common.indexing import Path, Source
from kaysis.common.jumps import Jump

# Names repeat, so a unit is also found by what it hangs below and where it lies. Past names come
# from the versions, which are asked only for the few units that some change has renamed. Names
# give their abbreviation in parentheses; the best known institutions go by their initials as well
# (MEB), with and without the word for their head (TBMM, DSİ, ODTÜ). Only what is evaluated for few
# rows may cost: loads run this for a million. A single unit's share of it is the planning, which
# grows with every join: hence the small queries for the names of codes.
_MUNICIPALITY = 204  # there are too many of these for initials to mean one
_WORDS = r"regexp_replace(kaysis_fold(u.name), '\m(ve|ile)\M', '', 'g')"
_OWN_WORDS = f"regexp_replace({_WORDS}, ' (baskanligi|genel mudurlugu|rektorlugu)$', '')"
_INITIALS = r"regexp_replace({words}, ' *([a-z0-9])[a-z0-9]* *', '\1', 'g')"
# The facts that stand in an entry by the name of their code; `_SQL` says where.
NAMED_CODES = ("province", "district", "country")
_SQL = f"""
    SELECT u.detsis_no::bigint AS object_id,
        u.name AS title,
        concat_ws(', ', p.name, CASE WHEN c.name IS DISTINCT FROM p.name THEN c.name END,
            f.district, f.province) AS subtitle,
        concat_ws(' ', u.name_en, f.country, array_to_string(f.names, ' ')) AS body,
        ARRAY[u.detsis_no::text]
            || CASE WHEN u.name LIKE '%%(%%' THEN regexp_match(u.name, '\\(([^() ]{{2,12}})\\)') END
            || CASE WHEN u.level < 3 AND u.name LIKE '%% %% %%'
                AND (u.is_institution OR u.name LIKE '%% Genel Müdürlüğü')
                AND (u.category_id IS DISTINCT FROM {_MUNICIPALITY}
                     OR u.name LIKE '%% Büyükşehir %%')
            THEN array_remove(ARRAY[
                {_INITIALS.format(words=_WORDS)},
                regexp_replace({_INITIALS.format(words=_OWN_WORDS)}, '^..?$', '')
            ], '') END AS numbers,
        '/kurum/' || u.detsis_no || '/' AS url,
        CASE WHEN u.is_institution AND u.level < 3 THEN 16 WHEN u.is_institution THEN 8
             WHEN u.level < 3 THEN 6 WHEN u.level = 3 THEN 4 WHEN u.level = 4 THEN 1.5
             ELSE 1 END::float AS weight,
        u.active,
        jsonb_strip_nulls(jsonb_build_object(
            'place', nullif(concat_ws(' / ', f.province, f.district, f.country), ''),
            'former', f.names)) AS facets
    FROM detsis_unit u
    LEFT JOIN detsis_unit p ON p.detsis_no = u.parent_id
    LEFT JOIN detsis_unit c ON c.detsis_no = u.civil_authority_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN EXISTS (
            SELECT 1 FROM detsis_unitchange h
            WHERE h.unit_id = u.detsis_no AND h.before ? 'name'
        ) THEN (
            SELECT array_agg(DISTINCT v.name) FROM detsis_unitversion v
            WHERE v.unit_id = u.detsis_no AND v.name <> u.name
                AND lower(v.validity) <= (now() AT TIME ZONE 'Europe/Istanbul')::date
        ) END AS names,
            (SELECT r.name FROM detsis_province r WHERE r.code = u.province_id) AS province,
            (SELECT d.name FROM detsis_district d WHERE d.code = u.district_id) AS district,
            (SELECT c.name FROM detsis_country c WHERE c.code = u.country_id) AS country
        OFFSET 0
    ) f
    WHERE u.valid_from IS NOT NULL AND {{where}}
"""


def paths(numbers: list[int]) -> Mapping[int, Path]:
    """What stands above each unit, from the top."""
    return {
        number: [(crumb.name, f"/kurum/{crumb.detsis_no}/") for crumb in path[:-1]]
        for number, path in selectors.paths(numbers).items()
    }


def _numbered(match: re.Match[str]) -> int:
    return int(match["no"])


def _kep_holder(match: re.Match[str]) -> int | None:
    address = KepAddress.objects.at(timezone.localdate()).filter(address=match[0].lower())
    return address.values_list("unit_id", flat=True).first()


SOURCE = Source(
    kind="unit",
    label=_("Birim"),
    plural=_("Kurumlar ve birimler"),
    sql=_SQL,
    id_column="u.detsis_no",
    order=10,
    paths=paths,
)
JUMPS = (
    Jump(kind="unit", pattern=r"(?P<no>[1-9]\d{7})", find=_numbered),
    # The number line of a letter, since 2020 and before: it begins with the unit that wrote it.
    Jump(
        kind="unit",
        pattern=r"(?:say[ıiİ] ?:? ?)?(?:[EZO]-)?(?P<no>[1-9]\d{7})-\d{3}(?:\.\d{2}){0,3}-\d+",
        find=_numbered,
    ),
    Jump(kind="unit", pattern=r"[a-z0-9._-]+@(?:[a-z0-9-]+\.)?hs0[1-8]\.kep\.tr", find=_kep_holder),
)


def register() -> None:
    indexing.register(SOURCE)
    for jump in JUMPS:
        jumps.register(jump)
