"""Contact lines of the demo state: real sites where they are known, the rest visibly invented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detsis.demo.places import districts, province_names
from detsis.seed import StatusCode
from kaysis.common.turkish import slug

# Dialling codes of the provinces in the order of their plates.
_AREA_CODES = (
    322, 416, 272, 472, 358, 312, 242, 466, 256, 266, 228, 426, 434, 374, 248, 224, 286, 376,
    364, 258, 412, 284, 424, 446, 442, 222, 342, 454, 456, 438, 326, 246, 324, 212, 232, 474,
    366, 352, 288, 386, 262, 332, 274, 422, 236, 344, 482, 252, 436, 384, 388, 452, 464, 264,
    362, 484, 368, 346, 282, 356, 462, 428, 414, 276, 432, 354, 372, 382, 458, 338, 318, 488,
    486, 378, 478, 476, 226, 370, 348, 328, 380,
)  # fmt: skip
_CAPITAL = 6
_SITES = """
Cumhurbaşkanlığı: tccb.gov.tr
Türkiye Büyük Millet Meclisi Başkanlığı: tbmm.gov.tr
Anayasa Mahkemesi Başkanlığı: anayasa.gov.tr
Yargıtay Başkanlığı: yargitay.gov.tr
Danıştay Başkanlığı: danistay.gov.tr
Sayıştay Başkanlığı: sayistay.gov.tr
Hâkimler ve Savcılar Kurulu: hsk.gov.tr
Yüksek Seçim Kurulu Başkanlığı: ysk.gov.tr
Adalet Bakanlığı: adalet.gov.tr
Aile ve Sosyal Hizmetler Bakanlığı: aile.gov.tr
Çalışma ve Sosyal Güvenlik Bakanlığı: csgb.gov.tr
Çevre, Şehircilik ve İklim Değişikliği Bakanlığı: csb.gov.tr
Dışişleri Bakanlığı: mfa.gov.tr
Enerji ve Tabii Kaynaklar Bakanlığı: enerji.gov.tr
Gençlik ve Spor Bakanlığı: gsb.gov.tr
Hazine ve Maliye Bakanlığı: hmb.gov.tr
İçişleri Bakanlığı: icisleri.gov.tr
Kültür ve Turizm Bakanlığı: ktb.gov.tr
Millî Eğitim Bakanlığı: meb.gov.tr
Millî Savunma Bakanlığı: msb.gov.tr
Sağlık Bakanlığı: saglik.gov.tr
Sanayi ve Teknoloji Bakanlığı: sanayi.gov.tr
Tarım ve Orman Bakanlığı: tarimorman.gov.tr
Ticaret Bakanlığı: ticaret.gov.tr
Ulaştırma ve Altyapı Bakanlığı: uab.gov.tr
Strateji ve Bütçe Başkanlığı: sbb.gov.tr
Devlet Arşivleri Başkanlığı: devletarsivleri.gov.tr
Diyanet İşleri Başkanlığı: diyanet.gov.tr
İletişim Başkanlığı: iletisim.gov.tr
Savunma Sanayii Başkanlığı: ssb.gov.tr
Yükseköğretim Kurulu Başkanlığı: yok.gov.tr
TRT Genel Müdürlüğü: trt.net.tr
Sosyal Güvenlik Kurumu Başkanlığı: sgk.gov.tr
Türkiye İş Kurumu Genel Müdürlüğü: iskur.gov.tr
Devlet Su İşleri Genel Müdürlüğü: dsi.gov.tr
Meteoroloji Genel Müdürlüğü: mgm.gov.tr
Orman Genel Müdürlüğü: ogm.gov.tr
İklim Değişikliği Başkanlığı: iklim.gov.tr
İLBANK Anonim Şirketi Genel Müdürlüğü: ilbank.gov.tr
Tapu ve Kadastro Genel Müdürlüğü: tkgm.gov.tr
Afet ve Acil Durum Yönetimi Başkanlığı: afad.gov.tr
Türkiye Bilimsel ve Teknolojik Araştırma Kurumu Başkanlığı: tubitak.gov.tr
Türk Standardları Enstitüsü Başkanlığı: tse.org.tr
Maden Tetkik ve Arama Genel Müdürlüğü: mta.gov.tr
Maden ve Petrol İşleri Genel Müdürlüğü: mapeg.gov.tr
Elektrik Üretim Anonim Şirketi Genel Müdürlüğü: euas.gov.tr
Karayolları Genel Müdürlüğü: kgm.gov.tr
Türkiye Cumhuriyeti Devlet Demiryolları İşletmesi Genel Müdürlüğü: tcdd.gov.tr
Devlet Hava Meydanları İşletmesi Genel Müdürlüğü: dhmi.gov.tr
Türkiye İstatistik Kurumu Başkanlığı: tuik.gov.tr
Türkiye Cumhuriyet Merkez Bankası: tcmb.gov.tr
Sermaye Piyasası Kurulu: spk.gov.tr
Bankacılık Düzenleme ve Denetleme Kurumu: bddk.org.tr
Kamu İhale Kurumu: kik.gov.tr
Rekabet Kurumu: rekabet.gov.tr
Enerji Piyasası Düzenleme Kurumu: epdk.gov.tr
Bilgi Teknolojileri ve İletişim Kurumu: btk.gov.tr
Kişisel Verileri Koruma Kurumu: kvkk.gov.tr
Radyo ve Televizyon Üst Kurulu: rtuk.gov.tr
Kamu Denetçiliği Kurumu: ombudsman.gov.tr
"""
_SITE_OF = dict(line.split(": ") for line in _SITES.strip().splitlines())
# Units that have a counter of their own, besides institutions.
_OPEN_TO_PEOPLE = frozenset([33, 34, 35, 37, 38])
_GOVERNMENT_HOUSE = frozenset([StatusCode.GOVERNORSHIP, StatusCode.DISTRICT_GOVERNORSHIP, 33, 34])


def contact(name: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """Phone, e-mail, site and address. Telephone numbers are zeros, mail goes to `.invalid`."""
    plate, status = facts.get("province"), facts.get("status")
    institution = facts.get("is_institution", False)
    if plate is None or not (institution or status in _OPEN_TO_PEOPLE):
        return {}
    found = {"phone": f"0{_AREA_CODES[plate - 1]} 000 00 00", "address": _address(plate, facts)}
    if institution:
        found["email"] = f"bilgi@{slug(name)[:50].strip('-')}.invalid"
    site = _SITE_OF.get(name)
    if status == StatusCode.GOVERNORSHIP:
        site = f"{slug(name.removesuffix(' Valiliği'))}.gov.tr"
    if site:
        found["website"] = f"https://www.{site}"
    return found


def _address(plate: int, facts: Mapping[str, Any]) -> str:
    place = dict(districts()[plate]).get(facts.get("district") or 0, "Merkez")
    if plate == _CAPITAL and place == "Merkez":
        place = "Çankaya"
    street = "Örnek Mahallesi, Cumhuriyet Caddesi No: 1"
    if facts.get("status") in _GOVERNMENT_HOUSE:
        street = "Hükûmet Konağı"
    return f"{street}, {place} / {province_names()[plate]}"
