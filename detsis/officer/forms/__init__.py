"""The forms of the officers' area. Each kind of change asks only for what it needs."""

from detsis.officer.forms.changes import ChangeForm, facts_of, facts_on
from detsis.officer.forms.codes import CodeForm, NewCodeForm, NewDistrictForm
from detsis.officer.forms.files import (
    BulkForm,
    CorrectionForm,
    DecisionForm,
    FileForm,
    ItemDayForm,
    SheetForm,
)
from detsis.officer.forms.kinds import KINDS

__all__ = [
    "KINDS",
    "BulkForm",
    "ChangeForm",
    "CodeForm",
    "CorrectionForm",
    "DecisionForm",
    "FileForm",
    "ItemDayForm",
    "NewCodeForm",
    "NewDistrictForm",
    "SheetForm",
    "facts_of",
    "facts_on",
]
