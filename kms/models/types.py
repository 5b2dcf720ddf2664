"""Kinds of instruments and their rank, kinds of relations, states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InstrumentType(models.TextChoices):
    """Every kind of legislation, from the highest rank down."""

    CONSTITUTION = "constitution", _("Anayasa")
    LAW = "law", _("Kanun")
    DECREE_LAW = "decree_law", _("Kanun Hükmünde Kararname")
    TREATY = "treaty", _("Milletlerarası Andlaşma")
    PRESIDENTIAL_DECREE = "presidential_decree", _("Cumhurbaşkanlığı Kararnamesi")
    STATUTE = "statute", _("Tüzük")
    PRESIDENTIAL_DECISION = "presidential_decision", _("Cumhurbaşkanı Kararı")
    MINISTERS_DECISION = "ministers_decision", _("Bakanlar Kurulu Kararı")
    PRESIDENTIAL_REGULATION = (
        "presidential_regulation",
        _("Cumhurbaşkanlığı ve Bakanlar Kurulu Yönetmeliği"),
    )
    REGULATION = "regulation", _("Kurum Yönetmeliği")
    COMMUNIQUE = "communique", _("Tebliğ")
    PRESIDENTIAL_CIRCULAR = "presidential_circular", _("Cumhurbaşkanlığı Genelgesi")
    CIRCULAR = "circular", _("Genelge")
    DIRECTIVE = "directive", _("Yönerge")
    PRINCIPLES = "principles", _("Esas ve Usuller")
    RESOLUTION = "resolution", _("İlke Kararı")


_T = InstrumentType
#: The lower the number, the higher the rank. Types of one rank may amend and repeal each other.
RANKS: dict[str, int] = {
    _T.CONSTITUTION: 1,
    _T.LAW: 2,
    _T.DECREE_LAW: 2,
    _T.TREATY: 2,
    _T.PRESIDENTIAL_DECREE: 3,
    _T.STATUTE: 4,
    _T.PRESIDENTIAL_DECISION: 5,
    _T.MINISTERS_DECISION: 5,
    _T.PRESIDENTIAL_REGULATION: 5,
    _T.REGULATION: 6,
    _T.COMMUNIQUE: 7,
    _T.PRESIDENTIAL_CIRCULAR: 8,
    _T.CIRCULAR: 8,
    _T.DIRECTIVE: 9,
    _T.PRINCIPLES: 9,
    _T.RESOLUTION: 9,
}
#: What a type is called in an address; the value is part of the public interface.
SLUGS: dict[str, str] = {
    _T.CONSTITUTION: "anayasa",
    _T.LAW: "kanun",
    _T.DECREE_LAW: "khk",
    _T.TREATY: "andlasma",
    _T.PRESIDENTIAL_DECREE: "cbk",
    _T.STATUTE: "tuzuk",
    _T.PRESIDENTIAL_DECISION: "cb-karari",
    _T.MINISTERS_DECISION: "bkk",
    _T.PRESIDENTIAL_REGULATION: "cb-yonetmeligi",
    _T.REGULATION: "yonetmelik",
    _T.COMMUNIQUE: "teblig",
    _T.PRESIDENTIAL_CIRCULAR: "cb-genelgesi",
    _T.CIRCULAR: "genelge",
    _T.DIRECTIVE: "yonerge",
    _T.PRINCIPLES: "esas-usul",
    _T.RESOLUTION: "ilke-karari",
}
TYPE_OF_SLUG = {slug: kind for kind, slug in SLUGS.items()}
#: How a citation names a numbered instrument: "4982 s. Kanun".
SHORT: dict[str, str] = {
    _T.CONSTITUTION: "Anayasa",
    _T.LAW: "Kanun",
    _T.DECREE_LAW: "KHK",
    _T.TREATY: "Andlaşma",
    _T.PRESIDENTIAL_DECREE: "CBK",
    _T.STATUTE: "Tüzük",
    _T.PRESIDENTIAL_DECISION: "Cumhurbaşkanı Kararı",
    _T.MINISTERS_DECISION: "BKK",
    _T.PRESIDENTIAL_REGULATION: "Yönetmelik",
    _T.REGULATION: "Yönetmelik",
    _T.COMMUNIQUE: "Tebliğ",
    _T.PRESIDENTIAL_CIRCULAR: "Genelge",
    _T.CIRCULAR: "Genelge",
    _T.DIRECTIVE: "Yönerge",
    _T.PRINCIPLES: "Esas ve Usuller",
    _T.RESOLUTION: "İlke Kararı",
}


class Scope(models.TextChoices):
    GAZETTE = "gazette", _("Resmî Gazete'de yayımlanan")
    INSTITUTIONAL = "institutional", _("Kurum içi")


class Status(models.TextChoices):
    """Derived from dates and relations, for a day; never stored."""

    IN_FORCE = "in_force", _("Yürürlükte")
    NOT_YET = "not_yet_in_force", _("Henüz yürürlüğe girmedi")
    WITHOUT_EFFECT = "without_effect", _("Yürürlükte, uygulaması kalmadı")
    REPEALED = "repealed", _("Yürürlükten kalktı")


STATUS_TONES = {
    Status.IN_FORCE: ("success", ""),
    Status.NOT_YET: ("info", "clock"),
    Status.WITHOUT_EFFECT: ("warning", ""),
    Status.REPEALED: ("danger", "closed"),
}


class VersionKind(models.TextChoices):
    FIRST = "first", _("İlk metin")
    CONSOLIDATED = "consolidated", _("İşlenmiş metin")
    REPEALED_PROVISIONS = "repealed_provisions", _("Yürürlükten kaldırılmış hükümler")


class EditState(models.TextChoices):
    DRAFT = "draft", _("Taslak")
    REVIEW = "review", _("Kontrolde")
    PUBLISHED = "published", _("Yayımlandı")
    WITHDRAWN = "withdrawn", _("Geri çekildi")


class RelationKind(models.TextChoices):
    """What the source of a relation does to its target."""

    BASED_ON = "based_on", _("Dayanağı")
    AMENDS = "amends", _("Değiştirir")
    REPEALS = "repeals", _("Yürürlükten kaldırır")
    IMPLEMENTS = "implements", _("Uygulamasını gösterir")


#: The same seen from the target.
INVERSE = {
    RelationKind.BASED_ON: _("Dayanak olduğu"),
    RelationKind.AMENDS: _("Değiştiren"),
    RelationKind.REPEALS: _("Yürürlükten kaldıran"),
    RelationKind.IMPLEMENTS: _("Uygulamasını gösteren"),
}


class Origin(models.TextChoices):
    """Where a relation was read."""

    NOTE = "note", _("Metindeki değişiklik notu")
    TABLE = "table", _("Değişiklik çizelgesi")
    TEXT = "text", _("Madde metni")
    SOURCE = "source", _("Kaynağın künyesi")
    EDITOR = "editor", _("Mevzuat görevlisi")


class Violation(models.TextChoices):
    """A rule that a relation found in real texts breaks. An editor's relation cannot break one."""

    NONE = "", _("Yok")
    RANK = "rank", _("Alt sıradaki mevzuat üsttekini etkiliyor")
    CYCLE = "cycle", _("Dayanak zinciri kendine dönüyor")


class OpenType(models.TextChoices):
    """What an open reference may name besides instruments."""

    COURT = "court", _("Anayasa Mahkemesi kararı")
    OTHER = "other", _("Diğer")


#: How a change reads in a table: from the verbs of notes (`kms.text.Verb`).
VERBS: dict[str, object] = {
    "ek": _("Ek"),
    "degisik": _("Değişik"),
    "mulga": _("Mülga"),
    "iptal": _("İptal"),
    "aynen_kabul": _("Aynen kabul"),
    "degistirilerek_kabul": _("Değiştirilerek kabul"),
    "yeniden_duzenleme": _("Yeniden düzenleme"),
    "yeniden_yururluk": _("Yeniden yürürlük"),
    "yurutmeyi_durdurma": _("Yürürlüğün durdurulması"),
    "hukmu": _("Başka mevzuatın hükmü"),
    "yerine_islenen": _("Yerine işlendi"),
    "": _("Değişiklik"),
}
