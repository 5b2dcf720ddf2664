"""What can happen to a unit, in plain words."""

from django.utils.translation import gettext_lazy as _

from detsis.models import ChangeKind
from kaysis.common.types import Text

# Kind, what is said of the unit, what follows from it, and the icon of the card.
KINDS: list[tuple[str, Text, Text, str]] = [
    (
        ChangeKind.RENAMED,
        _("Adı değişiyor"),
        _("Eski adıyla da aranıp bulunmaya devam eder."),
        "edit",
    ),
    (
        ChangeKind.AMENDED,
        _("Bilgileri güncelleniyor"),
        _("İletişim, yer, kategori, statü, KEP adresi, antet ve diğer künye bilgileri."),
        "document",
    ),
    (
        ChangeKind.MOVED,
        _("Başka bir birime bağlanıyor"),
        _("Altındaki bütün birimler onunla birlikte taşınır."),
        "arrow-right",
    ),
    (
        ChangeKind.FOUNDED,
        _("Altında yeni bir birim kuruluyor"),
        _("Numarası onayla birlikte verilir."),
        "plus",
    ),
    (
        ChangeKind.CLOSED,
        _("Kapanıyor"),
        _("Görevini sürdüren bir birim yoksa. Altında faal birim kalmamalıdır."),
        "closed",
    ),
    (
        ChangeKind.MERGED,
        _("Başka bir birimle birleşiyor"),
        _("Kapanır; görevini tek bir birim sürdürür."),
        "unit",
    ),
    (
        ChangeKind.SPLIT,
        _("Bölünüyor"),
        _("Kapanır; görevini en az iki birim paylaşır."),
        "tree",
    ),
    (
        ChangeKind.DEVOLVED,
        _("Görevlerini devrediyor"),
        _("Kapanır; görevlerini tek bir birim devralır."),
        "arrow-right",
    ),
    (
        ChangeKind.REOPENED,
        _("Yeniden açılıyor"),
        _("Eski numarasıyla yeniden faal olur."),
        "check",
    ),
]
