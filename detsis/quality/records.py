"""Rules about what a unit's record holds, each one statement over all units."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from detsis.quality.catalogue import Rule, register
from detsis.seed import StatusCode

register(
    Rule(
        key="detached",
        title=_("Üst birimi olmayan birim"),
        explanation=_(
            "Ana kurum olmayan bir birim hiçbir birime bağlı değil: aktarımda kopmuş ya da yanlış "
            "köke bağlanmış. Üst birimini gösterin."
        ),
        sql=f"""SELECT u.detsis_no, '' FROM detsis_unit u
               WHERE u.active AND u.parent_id IS NULL AND NOT u.is_institution
                   AND u.status_id IS DISTINCT FROM {StatusCode.GROUPING.value}""",
        serious=True,
    )
)
register(
    Rule(
        key="missing-kep",
        title=_("KEP adresi olmayan kurum"),
        explanation=_(
            "Kurumlar arası resmî yazılar DETSİS'te kayıtlı KEP adresine gönderilir. Dış yazışma "
            "yapan her ana kurumun geçerli bir KEP adresi olmalıdır."
        ),
        sql="""SELECT u.detsis_no, coalesce((SELECT 'son adres: ' || max(k.address)
                   FROM detsis_kepaddress k WHERE k.unit_id = u.detsis_no), '')
               FROM detsis_unit u
               WHERE u.active AND u.is_institution AND u.corresponds_externally
                   AND NOT EXISTS (SELECT 1 FROM detsis_kepaddress k
                       WHERE k.unit_id = u.detsis_no AND k.validity @> CURRENT_DATE)""",
        serious=True,
    )
)
register(
    Rule(
        key="below-closed",
        title=_("Kapalı birimin altında faal birim"),
        explanation=_("Üst birim kapanmış. Birimi halefine bağlayın ya da kapatın."),
        sql="""SELECT u.detsis_no, p.name FROM detsis_unit u
               JOIN detsis_unit p ON p.detsis_no = u.parent_id
               WHERE u.active AND NOT p.active AND p.valid_from <= CURRENT_DATE""",
        serious=True,
    )
)
register(
    Rule(
        key="duplicate-name",
        title=_("Aynı birime bağlı, aynı adlı birimler"),
        explanation=_(
            "Aynı üst birimin altında aynı adı taşıyan birden çok faal birim var. Biri yinelenmiş "
            "kayıtsa kapatın, değilse adları ayırt edilir kılın. Yerleri farklıysa ayırt edilirler."
        ),
        sql="""SELECT detsis_no, others::text FROM (
                   SELECT detsis_no, count(*) OVER same - 1 AS others FROM detsis_unit
                   WHERE active AND parent_id IS NOT NULL
                   WINDOW same AS (
                       PARTITION BY parent_id, name_folded, province_id, district_id, country_id)) d
               WHERE others > 0""",
    )
)
register(
    Rule(
        key="missing-place",
        title=_("Yeri belirtilmemiş taşra ya da yurt dışı birimi"),
        explanation=_("Taşra biriminin ili, yurt dışı biriminin ülkesi kayıtlı olmalıdır."),
        sql="""SELECT u.detsis_no, '' FROM detsis_unit u
               WHERE u.active AND ((u.organisation_type = 'provincial' AND u.province_id IS NULL)
                   OR (u.organisation_type = 'abroad' AND u.country_id IS NULL))""",
    )
)
register(
    Rule(
        key="no-manager-unit",
        title=_("Personel birimi olmayan kurum"),
        explanation=_(
            "Merkez teşkilatında personel ya da insan kaynakları birimi kayıtlı değil. İYEM "
            "Yetkilileri bu birimde görevlendirilir (çalışma esasları, madde 4)."
        ),
        sql="""SELECT u.detsis_no, '' FROM detsis_unit u
               WHERE u.active AND u.is_institution AND u.organisation_type = 'central'
                   AND EXISTS (SELECT 1 FROM detsis_unit c
                       WHERE c.parent_id = u.detsis_no AND c.active)
                   AND NOT EXISTS (SELECT 1 FROM detsis_unit d
                       WHERE d.tree_id = 1 AND d.lft > u.lft AND d.lft < u.rght AND d.active
                           AND d.name_folded ~ '(personel|insan kaynaklari|yazi isleri)')""",
    )
)
register(
    Rule(
        key="missing-english",
        title=_("İngilizce adı olmayan ana kurum"),
        explanation=_("Ana kurumların İngilizce adı yurt dışı yazışmalarda kullanılır."),
        sql="""SELECT u.detsis_no, '' FROM detsis_unit u
               WHERE u.active AND u.is_institution AND u.name_en = ''""",
    )
)
register(
    Rule(
        key="missing-status",
        title=_("Kategorisi ya da statüsü olmayan kurum"),
        explanation=_("Ana kurumun kategorisi ve statüsü süzgeçlerde, istatistiklerde kullanılır."),
        sql="""SELECT u.detsis_no,
                   concat_ws(', ', CASE WHEN u.category_id IS NULL THEN 'kategori' END,
                             CASE WHEN u.status_id IS NULL THEN 'statü' END)
               FROM detsis_unit u WHERE u.active AND u.is_institution
                   AND (u.category_id IS NULL OR u.status_id IS NULL)""",
    )
)
