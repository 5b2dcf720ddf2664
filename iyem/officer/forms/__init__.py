"""Forms of the officers' desk."""

from iyem.officer.forms.acts import (
    AbsenceForm,
    ChangeAbsenceForm,
    CorrectForm,
    EndForm,
    ReasonForm,
)
from iyem.officer.forms.curricula import CurriculumForm, ReviewForm
from iyem.officer.forms.register import ProxyForm, RegisterForm
from iyem.officer.forms.sheets import SheetForm

__all__ = [
    "AbsenceForm",
    "ChangeAbsenceForm",
    "CorrectForm",
    "CurriculumForm",
    "EndForm",
    "ProxyForm",
    "ReasonForm",
    "RegisterForm",
    "ReviewForm",
    "SheetForm",
]
