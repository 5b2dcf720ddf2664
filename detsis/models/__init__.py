"""DETSİS models: code tables, units and their versions, changes, change sets, counts."""

from detsis.models.change import ChangeKind, Succession, UnitChange
from detsis.models.changeset import ChangeItem, ChangeSet, ChangeSetStatus
from detsis.models.codes import (
    BudgetType,
    Category,
    Country,
    District,
    LegalPersonality,
    Province,
    Status,
)
from detsis.models.counts import UnitCount
from detsis.models.quality import QualityFinding, QualityScore
from detsis.models.unit import KepAddress, OrganisationType, Unit, UnitFacts, UnitVersion

__all__ = [
    "BudgetType",
    "Category",
    "ChangeItem",
    "ChangeKind",
    "ChangeSet",
    "ChangeSetStatus",
    "Country",
    "District",
    "KepAddress",
    "LegalPersonality",
    "OrganisationType",
    "Province",
    "QualityFinding",
    "QualityScore",
    "Status",
    "Succession",
    "Unit",
    "UnitChange",
    "UnitCount",
    "UnitFacts",
    "UnitVersion",
]
