"""Registering a manager, and somebody who stands for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from iyem.models import AbsenceKind, AppointmentKind, AppointmentState
from iyem.officer.fields import PersonField, ScopedUnitField
from kaysis.accounts.models import Person
from kaysis.common.plain import PlainForm
from kaysis.common.widgets import DateTimeInput

# An institution with more deputies of its head does not exist.
MOST_DEPUTIES = 12
TITLES_OFFERED = 60


def posts() -> list[tuple[int, Any]]:
    """Ordinal → name of the post."""
    deputies = [(n, _("%(n)d. amir yardımcısı") % {"n": n}) for n in range(1, MOST_DEPUTIES + 1)]
    return [(0, _("Birim amiri")), *deputies]


def titles_in_use() -> list[str]:
    """The most frequent titles, for the list below the field."""
    counted = (
        AppointmentState.objects.current()
        .filter(validity__isempty=False)
        .values("title")
        .annotate(times=Count("pk"))
        .order_by("-times", "title")
    )
    return [row["title"] for row in counted[:TITLES_OFFERED]]


class MomentField(forms.DateTimeField):
    """A day and an hour, in the portal's time zone, to the minute."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=DateTimeInput, **given)


class PlacementForm(PlainForm, forms.Form):
    """What both have in common. `bound` fields: who, names, title, range, legal ground."""

    who = PersonField()
    given_name = forms.CharField(
        label=_("Adı"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Yalnız ilk kez kaydedilen kişi için."),
    )
    family_name = forms.CharField(
        label=_("Soyadı"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Yalnız ilk kez kaydedilen kişi için."),
    )
    title = forms.CharField(
        label=_("Unvan"),
        max_length=200,
        widget=forms.TextInput({"list": "unvanlar", "autocomplete": "off"}),
        help_text=_("Yazıda imzanın altında yer alacak unvan."),
    )
    starts_at = MomentField(label=_("Başlangıç"))
    ends_at = MomentField(label=_("Bitiş"), required=False)
    legal_ground = forms.CharField(
        label=_("Hukuki dayanak"),
        max_length=500,
        required=False,
        help_text=_("Kararname, onay ya da yazının tarihi ve sayısı."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        found = given.get("who")
        if found and found.number and not found.person:
            for name in ("given_name", "family_name"):
                if not given.get(name):
                    self.add_error(
                        name, ValidationError(_("Kişi ilk kez kaydediliyor; bu alanı doldurun."))
                    )
        return given


class RegisterForm(PlacementForm):
    """A holder of a post, or somebody who acts for a vacant one."""

    unit = ScopedUnitField(label=_("Birim"))
    ordinal = forms.TypedChoiceField(label=_("Makam"), coerce=int, choices=posts, initial=0)
    kind = forms.ChoiceField(
        label=_("Görev türü"),
        choices=[
            (kind.value, kind.label)
            for kind in (AppointmentKind.SUBSTANTIVE, AppointmentKind.ACTING_VACANT)
        ],
        initial=AppointmentKind.SUBSTANTIVE,
    )
    field_order = (
        "who",
        "given_name",
        "family_name",
        "unit",
        "ordinal",
        "title",
        "kind",
        "starts_at",
        "ends_at",
        "legal_ground",
    )

    def __init__(self, *args: Any, person: Person, **given: Any) -> None:
        super().__init__(*args, **given)
        field: Any = self.fields["unit"]
        field.person = person
        self.fields["starts_at"].initial = timezone.localtime().replace(second=0, microsecond=0)
        self.fields["ends_at"].help_text = _("Süresiz görevlerde boş bırakılır.")


class ProxyForm(PlacementForm):
    """Somebody who acts for a filled post, with the holder's leave; or signs by delegation."""

    kind = forms.ChoiceField(
        label=_("Türü"),
        choices=[
            (kind.value, kind.label)
            for kind in (AppointmentKind.ACTING_FILLED, AppointmentKind.DELEGATED)
        ],
        initial=AppointmentKind.ACTING_FILLED,
    )
    absence = forms.ChoiceField(
        label=_("Asıl yöneticinin ayrılışı"),
        choices=[("", _("Kayıtlı (ya da imza devri)")), *AbsenceKind.choices],
        required=False,
        help_text=_(
            "Seçilirse izin ya da görevlendirme de aynı süre için kaydedilir; bu sürede asıl "
            "yönetici imza atamaz."
        ),
    )
    field_order = (
        "kind",
        "who",
        "given_name",
        "family_name",
        "absence",
        "starts_at",
        "ends_at",
        "title",
        "legal_ground",
    )

    def __init__(self, *args: Any, unit: Unit, **given: Any) -> None:
        super().__init__(*args, **given)
        self.unit = unit
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Boş bırakılırsa asıl yöneticinin unvanı kullanılır.")
        self.fields["ends_at"].required = True
        self.fields["who"].label = _("Vekil ya da imza yetkisi verilen")
        self.fields["starts_at"].initial = timezone.localtime().replace(second=0, microsecond=0)
