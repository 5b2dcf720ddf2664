"""İYEM models: managers and posts, appointments and absences in two times, officers, campaigns."""

from iyem.models.absence import Absence, AbsenceKind, AbsenceState
from iyem.models.appointment import Appointment, AppointmentKind, AppointmentState, Slot
from iyem.models.campaign import Campaign, CampaignReminder
from iyem.models.confirmation import Confirmation
from iyem.models.coverage import CoverageTotal, Gap, TotalKind, UnitCoverage
from iyem.models.curriculum import Curriculum
from iyem.models.legacy import LegacyManager, LegacyWipe
from iyem.models.lookup import LookupRefusal, LookupWay
from iyem.models.manager import Manager
from iyem.models.officer import OfficerApplication
from iyem.models.post import DeputyLink, Post, PostKind
from iyem.models.request import ProxyRequest

__all__ = [
    "Absence",
    "AbsenceKind",
    "AbsenceState",
    "Appointment",
    "AppointmentKind",
    "AppointmentState",
    "Campaign",
    "CampaignReminder",
    "Confirmation",
    "CoverageTotal",
    "Curriculum",
    "DeputyLink",
    "Gap",
    "LegacyManager",
    "LegacyWipe",
    "LookupRefusal",
    "LookupWay",
    "Manager",
    "OfficerApplication",
    "Post",
    "PostKind",
    "ProxyRequest",
    "Slot",
    "TotalKind",
    "UnitCoverage",
]
