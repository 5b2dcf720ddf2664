"""What is known of a unit on a day, in lines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from detsis.asof import Facts, Standing
from detsis.models import OrganisationType, Unit
from detsis.views.addresses import unit_url
from detsis.wording import Lexicon, legislation_text
from kaysis.common.components import Fact


def identity(standing: Standing, now: Unit, lexicon: Lexicon) -> list[Fact]:
    """The identity card. `now` is the unit as it is today, for what no day changes."""

    def code(key: str) -> str:
        return lexicon.code(key, getattr(standing.unit, f"{key}_id"))

    unit = standing.unit
    return [
        Fact(_("T.C. Devlet Teşkilatı Numarası"), unit.detsis_no),
        Fact(_("İngilizce adı"), unit.name_en),
        _parent(standing),
        _institution(standing),
        _authority(standing),
        Fact(_("Kategori"), code("category")),
        Fact(_("Statü"), code("status")),
        Fact(_("Teşkilat türü"), OrganisationType(unit.organisation_type).label),
        Fact(_("Bütçe türü"), code("budget_type")),
        Fact(_("Tüzel kişilik"), code("legal_personality")),
        Fact(
            _("Yer"),
            code("country") or " / ".join(filter(None, [code("province"), code("district")])),
        ),
        Fact(_("Faaliyet dönemi"), active_text(now)),
        Fact(_("Kuruluş mevzuatı"), legislation(unit)),
        Fact(_("Dış yazışma"), _("Yapar") if unit.corresponds_externally else _("Yapmaz")),
        Fact(_("Muhatap adı kuralı"), addressee_rule(unit)),
    ]


def _parent(standing: Standing) -> Fact:
    label = _("Bağlı olduğu birim")
    if len(standing.chain) < 2:
        return Fact(label, "")
    parent = standing.chain[-2]
    return Fact(label, parent.name, unit_url(parent.detsis_no, standing.day))


def _institution(standing: Standing) -> Fact:
    label, institution = _("Ana kurum"), standing.institution
    if institution is None:
        return Fact(label, "")
    if institution.detsis_no == standing.unit.detsis_no:
        return Fact(label, _("Kendisi"))
    return Fact(label, institution.name, unit_url(institution.detsis_no, standing.day))


def _authority(standing: Standing) -> Fact:
    label = _("Mülki idare amirliği")
    authority = standing.authorities.get(standing.unit.civil_authority_id or 0)
    if authority is None:
        return Fact(label, "")
    return Fact(label, authority.name, unit_url(authority.detsis_no, standing.day))


def active_text(now: Unit) -> str:
    """From when and, if it ended, until when the unit has been active."""
    if now.valid_from is None:
        return ""
    start = date_format(now.valid_from, "d.m.Y")
    if now.valid_to is None:
        return _("%(start)s tarihinden beri") % {"start": start}
    end = date_format(now.valid_to, "d.m.Y")
    return _("%(start)s – %(end)s") % {"start": start, "end": end}


def legislation(unit: Facts) -> str:
    return "; ".join(legislation_text(item) for item in unit.founding_legislation)


def addressee_rule(unit: Facts) -> str:
    """What is cut from the name, and added to it, where the unit is addressed."""
    parts = []
    if unit.addressee_cut:
        parts.append(_("“%(text)s” çıkarılır") % {"text": unit.addressee_cut})
    if unit.addressee_suffix:
        parts.append(_("“%(text)s” eklenir") % {"text": unit.addressee_suffix})
    return ", ".join(parts)


def contact(unit: Facts) -> list[Fact]:
    """Where the unit is reached; KEP addresses have a list of their own."""
    phone = unit.phone
    if phone and unit.phone_extension:
        phone = _("%(phone)s (dahili %(extension)s)") % {
            "phone": unit.phone,
            "extension": unit.phone_extension,
        }
    return [
        Fact(_("Telefon"), phone, f"tel:{_dialled(unit.phone)}" if unit.phone else ""),
        Fact(_("Belgegeçer"), unit.fax),
        Fact(_("E-posta"), unit.email, f"mailto:{unit.email}" if unit.email else ""),
        Fact(_("İnternet adresi"), unit.website, unit.website),
        Fact(_("Açık adres"), " ".join(part for part in (unit.address, unit.postal_code) if part)),
    ]


def _dialled(phone: str) -> str:
    return "".join(letter for letter in phone if letter.isdigit() or letter == "+")


@dataclass(frozen=True, slots=True)
class Kep:
    """A KEP address and when it is used."""

    address: str
    current: bool
    since: dt.date | None
    until: dt.date | None


def kep_addresses(detsis_no: int, day: dt.date) -> list[Kep]:
    """All addresses of a unit, those used on `day` first, then the latest. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT address, validity @> %s::date AS current, lower(validity), upper(validity) - 1
               FROM detsis_kepaddress WHERE unit_id = %s
               ORDER BY current DESC, lower(validity) DESC NULLS LAST, address""",
            [day, detsis_no],
        )
        return [Kep(*found) for found in cursor.fetchall()]
