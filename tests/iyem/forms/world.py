"""Every form of İYEM, filled in rightly, and the same kinds of things in another's scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.utils import timezone

from detsis.models import Unit
from iyem import services
from iyem.models import Appointment, LegacyManager, LegacyWipe
from iyem.services.states import as_recorded_at
from kaysis.accounts.models import Person, Role, RoleGrant
from tests.factories.accounts import next_national_id, person_with
from tests.factories.detsis import unit
from tests.factories.iyem import appoint, manager

_campaign_years = count(2031)


def text(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


@dataclass
class Case:
    """A form. `data` is what it takes; `foreign` are addresses, or changes of `data`, that name
    something of another scope."""

    url: str
    data: dict[str, Any] = field(default_factory=dict)
    who: str = "officer"
    foreign_urls: list[str] = field(default_factory=list)
    foreign_data: list[dict[str, Any]] = field(default_factory=list)
    # Sending it again is no mistake, and does nothing more.
    repeatable: bool = False


class World:
    """A ministry with a department, a provincial directorate, its officer; and another ministry."""

    def __init__(self) -> None:
        self.now = timezone.now().replace(second=0, microsecond=0)
        self.centre = person_with(Role.CENTRAL_ADMINISTRATOR)
        self.ministry, self.office, self.region = self._units("Tarım")
        self.other, self.elsewhere, self.region_elsewhere = self._units("Sağlık")
        self.officer = person_with(Role.IYEM_AUTHORISED, self.ministry.pk)
        self.second = person_with(Role.IYEM_AUTHORISED, self.other.pk)
        self.held = self._held(self.office)
        self.held_elsewhere = self._held(self.elsewhere)
        self.deputy = self._deputy(self.ministry, self.office)
        self.deputy_elsewhere = self._deputy(self.other, self.elsewhere)
        self.free = unit("Boş Daire", self.ministry.pk)
        self.free_elsewhere = unit("Boş Daire", self.other.pk)
        self.absence = self._absence(self.held)
        self.absence_elsewhere = self._absence(self.held_elsewhere)
        self.grant = self._grant(self.region)
        self.grant_elsewhere = self._grant(self.region_elsewhere)

    def _units(self, name: str) -> tuple[Unit, Unit, Unit]:
        state = unit(f"{name} Devleti", is_institution=True)
        ministry = unit(f"{name} Bakanlığı", state.pk, is_institution=True)
        region = unit(
            f"{name} Bölge Müdürlüğü", ministry.pk, organisation_type="provincial", province=6
        )
        return ministry, unit(f"{name} Dairesi", ministry.pk), region

    def _held(self, where: Unit) -> Appointment:
        with as_recorded_at(self.now - dt.timedelta(days=400)):
            return appoint(where, manager(), "2024-01-01 09:00", actor=self.centre, title="Başkan")

    def _deputy(self, where: Unit, below: Unit) -> Any:
        post = services.open_deputy_post(actor=self.centre, unit=where)
        appoint(where, manager(), ordinal=post.ordinal, actor=self.centre)
        day = timezone.localdate() - dt.timedelta(days=9)
        services.link_to_deputy(actor=self.centre, unit=below, post=post, starts_on=day)
        return post

    def _absence(self, held: Appointment) -> Any:
        return services.record_absence(
            actor=self.centre,
            appointment=held,
            kind="leave",
            starts_at=self.now + dt.timedelta(days=20),
            ends_at=self.now + dt.timedelta(days=30),
        )

    def _grant(self, where: Unit) -> RoleGrant:
        person = person_with(Role.IYEM_REGISTRAR, where.pk)
        return RoleGrant.objects.get(person=person)

    def person(self, name: str) -> Person:
        found: Person = getattr(self, name)
        return found

    # --- Things of a single form --------------------------------------------------------------

    def application(self, where: Unit) -> Any:
        return services.apply_for_officer(
            actor=self.centre, scope=where, role=Role.IYEM_REGISTRAR, **self.applicant()
        )

    def applicant(self) -> dict[str, str]:
        return {
            "national_id": next_national_id(),
            "given_name": "Fatma",
            "family_name": "Çelik",
            "work_phone": "0312 000 00 00",
            "mobile_phone": "0500 000 00 00",
            "email": "fatma@kurum.gov.tr",
        }

    def curriculum(self, held: Appointment) -> Any:
        return services.submit_curriculum(
            actor=self.centre, manager=held.manager, text="1970'te doğdu.", consent=True
        )

    def wipe(self) -> LegacyWipe:
        place = unit("Eski Kurum", is_institution=True)
        wipe = LegacyWipe.objects.create(
            institution=place, wiped_at=self.now, wiped_by=self.centre, names=1
        )
        LegacyManager.objects.create(unit=place, name="Eski Ad", wipe=wipe)
        return wipe

    def campaign(self) -> Any:
        year = next(_campaign_years)
        return services.open_campaign(
            actor=self.centre,
            name="Kampanya",
            first_day=dt.date(year, 1, 1),
            last_day=dt.date(year, 2, 1),
            remind_every_days=7,
        )


def _register(world: World) -> Case:
    data = {
        "who": next_national_id(),
        "given_name": "Elif",
        "family_name": "Çınar",
        "unit": str(world.free.pk),
        "ordinal": "0",
        "title": "Daire Başkanı",
        "kind": "substantive",
        "starts_at": text(world.now),
        "ends_at": "",
        "legal_ground": "Onay 2026/17",
    }
    return Case("/yetkili/iyem/kayit/", data, foreign_data=[{"unit": str(world.free_elsewhere.pk)}])


def _proxy(world: World) -> Case:
    data = {
        "kind": "acting_filled",
        "who": next_national_id(),
        "given_name": "Can",
        "family_name": "Er",
        "absence": "leave",
        "starts_at": text(world.now + dt.timedelta(days=1)),
        "ends_at": text(world.now + dt.timedelta(days=2)),
        "title": "Başkan",
        "legal_ground": "Onay 3",
    }
    base = "/yetkili/iyem/birim/{}/vekalet/?sira=0"
    return Case(base.format(world.office.pk), data, foreign_urls=[base.format(world.elsewhere.pk)])


def _deputies(world: World) -> Case:
    base = "/yetkili/iyem/birim/{}/yardimcilar/"
    data = {
        "post": str(world.deputy.pk),
        "units": [str(world.free.pk)],
        "starts_on": f"{timezone.localdate():%Y-%m-%d}",
        "reason": "Görev bölümü",
    }
    return Case(
        base.format(world.ministry.pk),
        data,
        foreign_urls=[base.format(world.other.pk)],
        foreign_data=[
            {"post": str(world.deputy_elsewhere.pk)},
            {"units": [str(world.free_elsewhere.pk)]},
        ],
    )


def _open_deputy(world: World) -> Case:
    base = "/yetkili/iyem/birim/{}/yardimci/"
    other = base.format(world.other.pk)
    return Case(base.format(world.ministry.pk), foreign_urls=[other], repeatable=True)


def _unlink(world: World) -> Case:
    base = "/yetkili/iyem/birim/{}/bag-bitir/"
    return Case(base.format(world.office.pk), foreign_urls=[base.format(world.elsewhere.pk)])


def _of_appointment(world: World, act: str, data: dict[str, Any]) -> Case:
    base = f"/yetkili/iyem/gorev/{{}}/{act}/"
    other = base.format(world.held_elsewhere.pk)
    return Case(base.format(world.held.pk), data, foreign_urls=[other])


def _end(world: World) -> Case:
    data = {"ends_at": text(world.now), "after": "vacant", "reason": "Emeklilik"}
    return _of_appointment(world, "bitir", data)


def _correct(world: World) -> Case:
    data = {
        "title": "Daire Başkanı",
        "starts_at": "2024-02-01T09:00",
        "ends_at": "",
        "legal_ground": "Onay 3",
        "reason": "Tarih yanlış",
    }
    return _of_appointment(world, "duzelt", data)


def _withdraw(world: World) -> Case:
    return _of_appointment(world, "geri-al", {"reason": "Yanlış kişi"})


def _absence(world: World) -> Case:
    data = {
        "kind": "leave",
        "starts_at": text(world.now + dt.timedelta(days=3)),
        "ends_at": text(world.now + dt.timedelta(days=4)),
        "reason": "Yıllık izin",
    }
    return _of_appointment(world, "izin", data)


def _of_absence(world: World, act: str, data: dict[str, Any]) -> Case:
    base = f"/yetkili/iyem/izin/{{}}/{act}/"
    other = base.format(world.absence_elsewhere.pk)
    return Case(base.format(world.absence.pk), data, foreign_urls=[other])


def _change_absence(world: World) -> Case:
    data = {
        "starts_at": text(world.now + dt.timedelta(days=20)),
        "ends_at": text(world.now + dt.timedelta(days=25)),
        "reason": "Erken dönüş",
    }
    return _of_absence(world, "degistir", data)


def _withdraw_absence(world: World) -> Case:
    return _of_absence(world, "geri-al", {"reason": "İptal"})


def _confirm(world: World) -> Case:
    base = "/yetkili/iyem/teyit/{}/"
    other = [base.format(world.other.pk), base.format(world.office.pk)]
    return Case(
        base.format(world.ministry.pk), {"looked": "on"}, foreign_urls=other, repeatable=True
    )


def _restore(world: World) -> Case:
    url = f"/yetkili/iyem/eski-adlar/{world.wipe().pk}/"
    return Case(url, {"reason": "Yanlış kurum"}, who="centre")


def _submit_curriculum(world: World) -> Case:
    base = "/yetkili/iyem/yonetici/{}/ozgecmis/"
    other = base.format(world.held_elsewhere.manager.manager_code)
    data = {"text": "1970'te doğdu.\n\nMühendis.", "consent": "on"}
    return Case(base.format(world.held.manager.manager_code), data, foreign_urls=[other])


def _review(world: World) -> Case:
    base = "/yetkili/iyem/ozgecmis/{}/"
    own, other = world.curriculum(world.held), world.curriculum(world.held_elsewhere)
    data = {"approve": "0", "note": "Fotoğraf yok"}
    return Case(base.format(own.pk), data, foreign_urls=[base.format(other.pk)])


def _withdraw_consent(world: World) -> Case:
    base = "/yetkili/iyem/ozgecmis/{}/riza/"
    own, other = world.curriculum(world.held), world.curriculum(world.held_elsewhere)
    return Case(base.format(own.pk), foreign_urls=[base.format(other.pk)], repeatable=True)


def _apply(world: World) -> Case:
    data = {"role": Role.IYEM_REGISTRAR.value, "scope": str(world.region.pk), **world.applicant()}
    other = {"scope": str(world.region_elsewhere.pk)}
    return Case("/yetkili/iyem/basvurular/yeni/", data, foreign_data=[other])


def _grant(world: World) -> Case:
    base = "/yetkili/iyem/basvurular/{}/"
    own, other = world.application(world.region), world.application(world.region_elsewhere)
    data = {"karar": "ver", "valid_from": "", "valid_to": "2030-01-01", "reason": "Yazı 12"}
    return Case(base.format(own.pk), data, foreign_urls=[base.format(other.pk)])


def _refuse(world: World) -> Case:
    case = _grant(world)
    case.data = {"karar": "ret", "reason": "Emekli"}
    return case


def _revoke(world: World) -> Case:
    base = "/yetkili/iyem/yetkililer/{}/kaldir/"
    other = base.format(world.grant_elsewhere.pk)
    return Case(base.format(world.grant.pk), {"reason": "Görev bitti"}, foreign_urls=[other])


def _new_campaign(world: World) -> Case:
    year = next(_campaign_years)
    data = {
        "name": "İlk kayıt",
        "first_day": f"{year}-01-01",
        "last_day": f"{year}-03-01",
        "remind_every_days": "7",
    }
    return Case("/yetkili/iyem/kampanyalar/yeni/", data, who="centre")


def _edit_campaign(world: World) -> Case:
    campaign = world.campaign()
    year = campaign.period.lower.year
    data = {
        "name": "Yeni ad",
        "first_day": f"{year}-01-01",
        "last_day": f"{year}-03-01",
        "remind_every_days": "14",
    }
    url = f"/yetkili/iyem/kampanyalar/{campaign.pk}/duzenle/"
    return Case(url, data, who="centre", repeatable=True)


CASES = {
    "register": _register,
    "proxy": _proxy,
    "deputies": _deputies,
    "open deputy": _open_deputy,
    "unlink": _unlink,
    "end": _end,
    "correct": _correct,
    "withdraw": _withdraw,
    "absence": _absence,
    "change absence": _change_absence,
    "withdraw absence": _withdraw_absence,
    "confirm": _confirm,
    "restore": _restore,
    "submit curriculum": _submit_curriculum,
    "review": _review,
    "withdraw consent": _withdraw_consent,
    "apply": _apply,
    "grant": _grant,
    "refuse": _refuse,
    "revoke": _revoke,
    "new campaign": _new_campaign,
    "edit campaign": _edit_campaign,
}
