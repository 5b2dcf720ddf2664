"""The columns of a sheet of managers, and the words some of them take."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from iyem.models import AppointmentKind
from kaysis.common.types import Text


@dataclass(frozen=True, slots=True)
class Column:
    header: str
    help: Text
    width: int = 18
    needed: bool = True


COLUMNS = (
    Column("kimlik_no", _("T.C. kimlik numarası, on bir rakam."), 15),
    Column("ad", _("Yalnız kişi ilk kez kaydediliyorsa gereklidir."), 18, needed=False),
    Column("soyad", _("Yalnız kişi ilk kez kaydediliyorsa gereklidir."), 18, needed=False),
    Column("birim", _("Birimin sekiz haneli numarası ya da tam adı."), 40),
    Column(
        "makam",
        _("Boş ya da “amir”: birim amiri; 1, 2, …: kaçıncı amir yardımcısı."),
        12,
        needed=False,
    ),
    Column("unvan", _("İmzanın altında yer alacak unvan."), 28),
    Column("tur", _("Boş ya da “asil”; “vekil”: boş kadroya vekâleten."), 10, needed=False),
    Column("baslangic", _("Göreve başlama tarihi."), 13),
    Column("baslangic_saati", _("Göreve başlama saati: 08:30."), 14),
    Column("bitis", _("Süreli görevin bitiş tarihi."), 13, needed=False),
    Column("bitis_saati", _("Süreli görevin bitiş saati."), 12, needed=False),
    Column("dayanak", _("Kararname, onay ya da yazının tarihi ve sayısı."), 36, needed=False),
)
HEADERS = tuple(column.header for column in COLUMNS)
HEAD = "amir"
KINDS = {"": AppointmentKind.SUBSTANTIVE, "asil": AppointmentKind.SUBSTANTIVE} | {
    "vekil": AppointmentKind.ACTING_VACANT
}
