"""What the downloads of DETSİS lists hold. Keys are the field names of the API."""

from django.utils.translation import gettext_lazy as _

from detsis.compare import DifferenceKind
from detsis.models import ChangeKind, OrganisationType
from kaysis.common.exports import Column

ORGANISATION_TYPES = dict(OrganisationType.choices)
CHANGE_KINDS = dict(ChangeKind.choices)
DIFFERENCES = dict(DifferenceKind.choices)

UNIT_COLUMNS = [
    Column("detsis_no", _("T.C. Devlet Teşkilatı Numarası"), kind="number"),
    Column("name", _("Ad")),
    Column("parent_detsis_no", _("Bağlı olduğu birimin numarası"), "parent_id", kind="number"),
    Column("parent_name", _("Bağlı olduğu birim"), "parent__name"),
    Column(
        "organisation_type",
        _("Teşkilat türü"),
        labels=ORGANISATION_TYPES,
    ),
    Column("is_institution", _("Ana kurum"), kind="bool"),
    Column("category", _("Kategori"), "category__name"),
    Column("status", _("Statü"), "status__name"),
    Column("budget_type", _("Bütçe türü"), "budget_type__name"),
    Column("province", _("İl"), "province__name"),
    Column("district", _("İlçe"), "district__name"),
    Column(
        "civil_authority",
        _("Mülki idare amirliğinin numarası"),
        "civil_authority_id",
        kind="number",
    ),
    Column("active", _("Faal"), kind="bool"),
    Column("valid_from", _("Kuruluş tarihi"), kind="date"),
    Column("valid_to", _("Kapanış tarihi"), kind="date"),
    Column("phone", _("Telefon")),
    Column("email", _("E-posta")),
    Column("website", _("İnternet adresi")),
    Column("address", _("Açık adres")),
]

COMPARISON_COLUMNS = [
    Column("kind", _("Değişiklik"), labels=DIFFERENCES),
    Column("detsis_no", _("T.C. Devlet Teşkilatı Numarası"), kind="number"),
    Column("old_name", _("Önceki ad")),
    Column("name", _("Ad")),
    Column("old_parent", _("Önceki üst birimin numarası"), kind="number"),
    Column("old_parent_name", _("Önceki üst birim")),
    Column("parent", _("Üst birimin numarası"), kind="number"),
    Column("parent_name", _("Üst birim")),
]


def _numbers(successors) -> str:
    return " ".join(str(successor.detsis_no) for successor in successors)


def _names(successors) -> str:
    return "; ".join(successor.name for successor in successors)


SUCCESSION_COLUMNS = [
    Column("detsis_no", _("Eski numara"), kind="number"),
    Column("name", _("Sona eren birim")),
    Column("kind", _("Sona erme biçimi"), labels=CHANGE_KINDS),
    Column("ended_on", _("Sona erdiği gün"), kind="date"),
    Column("successors", _("Doğrudan haleflerin numaraları"), lambda row: _numbers(row.direct)),
    Column("successor_names", _("Doğrudan halefler"), lambda row: _names(row.direct)),
    Column(
        "current_successors",
        _("Bugün görevi sürdürenlerin numaraları"),
        lambda row: _numbers(row.final),
    ),
    Column(
        "current_successor_names",
        _("Bugün görevi sürdürenler"),
        lambda row: _names(row.final),
    ),
]

CHANGE_COLUMNS = [
    Column("cursor", _("Sıra"), "id", kind="number"),
    Column("detsis_no", _("T.C. Devlet Teşkilatı Numarası"), "unit_id", kind="number"),
    Column("name", _("Bugünkü ad"), "unit__name"),
    Column("kind", _("Değişiklik"), labels=CHANGE_KINDS),
    Column("effective_on", _("Geçerlilik tarihi"), kind="date"),
    Column("recorded_at", _("Kayıt zamanı"), kind="datetime"),
    Column("reason", _("Gerekçe")),
    Column("legal_reference", _("Hukuki dayanak")),
]
