"""The columns of a sheet of changes, and the words its first column takes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from detsis.models import ChangeKind, OrganisationType
from kaysis.common.types import Text

# What empties a fact: an empty cell leaves it as it is.
CLEAR = "-"

KINDS: dict[str, tuple[ChangeKind, Text]] = {
    "ad": (ChangeKind.RENAMED, _("Birimin adı değişir: yeni_ad.")),
    "tasi": (ChangeKind.MOVED, _("Birim başka bir birime bağlanır: bagli_oldugu.")),
    "guncelle": (ChangeKind.AMENDED, _("Künye bilgileri değişir: dolu olan bilgi sütunları.")),
    "kur": (
        ChangeKind.FOUNDED,
        _("Yeni birim kurulur: yeni_ad, bagli_oldugu; bilgi sütunları da doldurulabilir."),
    ),
    "kapat": (ChangeKind.CLOSED, _("Birim halef bırakmadan kapanır.")),
    "birlestir": (ChangeKind.MERGED, _("Birim kapanır, görevini bir birim sürdürür: halefler.")),
    "bol": (ChangeKind.SPLIT, _("Birim kapanır, görevini en az iki birim paylaşır: halefler.")),
    "devret": (ChangeKind.DEVOLVED, _("Birim kapanır, görevlerini bir birim devralır: halefler.")),
    "ac": (ChangeKind.REOPENED, _("Kapalı birim yeniden açılır.")),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `fact` is what a filled cell sets; `kind` how its text is read."""

    header: str
    help: Text
    fact: str = ""
    kind: str = "text"
    width: int = 18


BASE = (
    Column("tur", _("Ne olduğu; listeden seçilir."), width=12),
    Column("birim", _("Birimin numarası ya da adı. Kuruluşta boş bırakılır."), width=34),
    Column("yeni_ad", _("Yeni ad; ad değişikliğinde ve kuruluşta."), width=38),
    Column(
        "bagli_oldugu",
        _("Bağlanacağı birimin numarası, adı ya da geçici adı."),
        width=34,
    ),
    Column("halefler", _("Halef birimler; birden çoksa noktalı virgülle ayrılır."), width=30),
    Column(
        "gecici_ad",
        _("Kurulan birime dosyanın başka satırlarında verilen ad: yeni-1."),
        width=12,
    ),
    Column("tarih", _("Bu satırın geçerlilik tarihi; boşsa dosyanınki."), width=12),
)
FACTS = (
    Column("ingilizce_adi", _("İngilizce adı."), "name_en", width=30),
    Column("teskilat_turu", _("Merkez, taşra ya da yurt dışı."), "organisation_type", "type"),
    Column("kategori", _("Kodu ya da adı."), "category", "code", width=24),
    Column("statu", _("Kodu ya da adı."), "status", "code", width=24),
    Column("butce_turu", _("Kodu ya da adı."), "budget_type", "code", width=24),
    Column("tuzel_kisilik", _("Kodu ya da adı."), "legal_personality", "code", width=20),
    Column("il", _("Plakası ya da adı."), "province", "code", width=16),
    Column("ilce", _("Adı; il sütunu dolu olmalıdır."), "district", "district", width=16),
    Column("mulki_amirlik", _("Valilik ya da kaymakamlık."), "civil_authority", "unit", width=30),
    Column("ana_kurum", _("evet ya da hayır."), "is_institution", "flag", width=11),
    Column("dis_yazisma", _("evet ya da hayır."), "corresponds_externally", "flag", width=11),
    Column("telefon", _("Telefon."), "phone"),
    Column("belgegecer", _("Belgegeçer."), "fax"),
    Column("e_posta", _("E-posta."), "email", width=26),
    Column("internet", _("İnternet adresi."), "website", width=26),
    Column("adres", _("Açık adres."), "address", width=40),
    Column("posta_kodu", _("Beş rakam."), "postal_code", width=11),
)
COLUMNS = BASE + FACTS
HEADERS = tuple(column.header for column in COLUMNS)
TYPES = {
    "merkez": OrganisationType.CENTRAL,
    "tasra": OrganisationType.PROVINCIAL,
    "yurt disi": OrganisationType.ABROAD,
}
YES, NO = "evet", "hayır"
# Facts that a founding and an amendment may set; a move may set those of place.
PLACE = ("organisation_type", "province", "district", "civil_authority")
