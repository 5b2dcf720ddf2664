"""Every address of the portal, with a small state in which each of them leads somewhere."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from detsis import services
from detsis.models import ChangeSet, Unit
from detsis.officer import bulk
from detsis.officer.bulk.columns import HEADERS
from detsis.services import ItemInput
from iyem import coverage
from iyem import services as iyem
from iyem.authorising import bulk as officers
from iyem.models import Appointment, LegacyWipe, OfficerApplication
from iyem.officer import bulk as managers
from iyem.officer.bulk.columns import HEADERS as MANAGER_HEADERS
from iyem.services.curricula import review_curriculum, submit_curriculum
from kaysis.accounts.models import Notification, Role, RoleGrant, SignIn
from kaysis.accounts.services import notify
from kms import services as kms
from kms.models import Instrument
from tests.factories.accounts import Cast, RoleGrantFactory, make_cast, next_national_id
from tests.factories.detsis import chain, unit
from tests.factories.iyem import appoint
from tests.factories.kms import instrument, publish, text

NOBODY = "anonymous"
_APPOINTMENTS = (
    "iyem:end-appointment",
    "iyem:correct-appointment",
    "iyem:withdraw-appointment",
    "iyem:absence",
)


def names() -> set[str]:
    """Names of all addresses; of Django's admin only its start page, as it is one thing to us."""
    return {name for name, _pattern in _walk(get_resolver(), "")}


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry, inner)
        elif prefix != "admin:":
            assert entry.name, f"the address {entry.pattern} has no name"
            yield f"{prefix}{entry.name}", entry
        elif entry.name == "index":
            yield "admin:index", entry


@dataclass(frozen=True)
class Desk:
    """Keys of what the officers' desk of İYEM has pages about."""

    absence: int
    curriculum: int
    wipe: int
    sheet: str


@dataclass(frozen=True)
class Officers:
    """Keys of what the pages about İYEM officers and campaigns show."""

    application: OfficerApplication
    grant: int
    campaign: int
    sheet: str


@dataclass(frozen=True)
class Legislation:
    """An act with a published text, a second one in draft, and a relation entered by hand."""

    act: Instrument
    draft: int
    relation: int


@dataclass(frozen=True)
class State:
    """The cast of `tests/factories` around one office, and one of everything that has a page.

    Names of units are ASCII, also in Turkish capitals, so that what is Turkish on an English page
    is ours.
    """

    cast: Cast
    office: Unit
    file: ChangeSet
    notification: Notification
    grant: RoleGrant
    sign_in: SignIn
    token: str
    appointment: Appointment
    desk: Desk
    officers: Officers
    legislation: Legislation

    def client(self, who: str) -> Client:
        """A browser in which somebody of the cast, or nobody, has signed in."""
        client = Client()
        if who != NOBODY:
            client.force_login(self.cast.everybody[who])
        return client

    def url(self, name: str) -> str:
        """`detsis:unit`, or with the last argument chosen: `detsis:change-set-step sun`."""
        name, _, chosen = name.partition(" ")
        given: dict[str, Any] = {
            "detsis_no": self.office.pk,
            "plate": 6,
            "status": 404,
            "table": "category",
            "code": "19",
            "public_id": self.cast.deniz.public_id,
            "key": self.sign_in.key,
            "step": "sun",
            "pk": self._key_of(name),
            "item": self.file.items.get().pk,
            "token": self._token_of(name),
            "part": "pdf",
            "role": "gorevli",
            "manager_code": self.appointment.manager.manager_code,
            "slug": "kanun",
            "number": self.legislation.act.number,
            "year": self.legislation.act.year,
            "day": "2012-01-01",
            "version": self.legislation.draft,
            "relation": self.legislation.relation,
        }
        if name == "iyem:application-letter":
            given["detsis_no"] = self.officers.application.scope_id
        wanted = [*_arguments(name)]
        if chosen:
            given[wanted[-1]] = chosen
        return reverse(name, kwargs={argument: given[argument] for argument in wanted})

    def _token_of(self, name: str) -> str:
        if name.startswith("iyem:applications"):
            return self.officers.sheet
        return self.desk.sheet if name.startswith("iyem:") else self.token

    def _key_of(self, name: str) -> int:
        if name == "accounts:open_notification":
            return self.notification.pk
        if name in ("accounts:grant", "accounts:revoke"):
            return self.grant.pk
        if name.startswith("iyem:api-appointment") or name in _APPOINTMENTS:
            return self.appointment.pk
        if name in ("iyem:change-absence", "iyem:withdraw-absence"):
            return self.desk.absence
        if name in ("iyem:curriculum", "iyem:curriculum-file", "iyem:withdraw-consent"):
            return self.desk.curriculum
        if name == "iyem:restore-legacy":
            return self.desk.wipe
        if name == "iyem:application":
            return self.officers.application.pk
        if name == "iyem:revoke-officer":
            return self.officers.grant
        if "campaign" in name:
            return self.officers.campaign
        if name.startswith("kms:"):
            return self.legislation.act.pk
        if name in ("detsis:void-change", "detsis:correct-change"):
            return self.office.changes.latest("pk").pk
        return self.file.pk


def _arguments(name: str) -> list[str]:
    patterns = dict(_walk(get_resolver(), ""))
    return list(patterns[name].pattern.converters) if name in patterns else []


def make_state() -> State:
    """Ayşe's scope is the board above the office, Cem's another one; the file is Ayşe's draft."""
    _root, board, office = chain("State", "Board", "Bureau")
    council = unit("Council")
    cast = make_cast(
        scope=board.pk,
        elsewhere=council.pk,
        officer=Role.DETSIS_OFFICER,
        registrar=Role.ANALYST,
    )
    services.rename_unit(
        unit=office.pk,
        name="Department",
        effective_on=timezone.localdate(),
        actor=cast.zeynep,
        reason="Test",
    )
    file = services.create_change_set(
        actor=cast.ayse,
        title="Change",
        effective_on=timezone.localdate(),
        reason="Test",
        items=[ItemInput(kind="renamed", unit=office.pk, assignments={"name": "Department 2"})],
    )
    # Ayşe and Cem look after the managers of their units, too.
    for person, scope in ((cast.ayse, board), (cast.cem, council)):
        RoleGrantFactory(person=person, role=Role.IYEM_AUTHORISED, scope_detsis_no=scope.pk)
    notify(person=cast.ayse, kind="test", text="Test", url="/")
    appointment = appoint(office, actor=cast.zeynep, title="Head")
    Client().force_login(cast.ayse)
    return State(
        cast=cast,
        office=Unit.objects.get(pk=office.pk),
        file=file,
        notification=Notification.objects.get(person=cast.ayse),
        grant=RoleGrant.objects.get(person=cast.ayse, role=Role.DETSIS_OFFICER),
        sign_in=SignIn.objects.get(person=cast.ayse),
        token=bulk.keep(cast.ayse.pk, _uploaded(office)),
        appointment=appointment,
        desk=_desk(cast, appointment),
        officers=_officers(cast, board),
        legislation=_legislation(),
    )


def _legislation() -> Legislation:
    act, old = instrument("Act", number="8001"), instrument("Old Act", number="7001")
    words = text("Aim: This is it.", title="ACT")
    publish(act, words)
    draft = kms.draft_text(
        actor=None,
        instrument=act,
        kind="consolidated",
        text=words.replace("it", "that"),
        valid_from=dt.date(2012, 1, 1),
    )
    kms.relate(actor=None, source=act, kind="based_on", targets=[old])
    return Legislation(act, draft.pk, act.out_relations.get().pk)


def _officers(cast: Cast, board: Unit) -> Officers:
    """A regional office with one Görevli, another one asked for by Ayşe, and a campaign."""
    region = unit("Region", board.pk, organisation_type="provincial")
    grant = RoleGrantFactory(person=cast.burak, role=Role.IYEM_REGISTRAR, scope_detsis_no=region.pk)
    application = iyem.apply_for_officer(
        actor=cast.ayse,
        role=Role.IYEM_REGISTRAR,
        scope=region,
        national_id=next_national_id(),
        given_name="Test",
        family_name="Person",
        work_phone="0312 000 00 00",
        mobile_phone="0500 000 00 00",
        email="test@example.org",
    )
    today = timezone.localdate()
    campaign = iyem.open_campaign(
        actor=cast.zeynep,
        name="Campaign",
        first_day=today,
        last_day=today + dt.timedelta(days=30),
        remind_every_days=7,
    )
    coverage.refresh()
    row = officers.Row(line=2, cells=dict.fromkeys(officers.HEADERS, ""), problems=[("ad", "Test")])
    return Officers(
        application=application,
        grant=grant.pk,
        campaign=campaign.pk,
        sheet=officers.keep(cast.ayse.pk, officers.Batch(name="sheet.xlsx", rows=[row])),
    )


def _desk(cast: Cast, appointment: Appointment) -> Desk:
    """A leave next year, a published curriculum, a wipe of old names, a sheet of Ayşe's."""
    absence = iyem.record_absence(
        actor=cast.zeynep,
        appointment=appointment,
        kind="leave",
        starts_at=timezone.now() + dt.timedelta(days=365),
        ends_at=timezone.now() + dt.timedelta(days=372),
    )
    curriculum = submit_curriculum(
        actor=cast.zeynep,
        manager=appointment.manager,
        text="Test",
        document=b"%PDF-1.7 %%EOF",
        consent=True,
    )
    review_curriculum(actor=cast.zeynep, curriculum=curriculum, approve=True)
    wipe = LegacyWipe.objects.create(
        institution=appointment.post.unit, wiped_at=timezone.now(), wiped_by=cast.ayse, names=1
    )
    row = managers.Row(
        line=2, cells=dict.fromkeys(MANAGER_HEADERS, ""), problems=[("unvan", "Test")]
    )
    return Desk(
        absence=absence.pk,
        curriculum=curriculum.pk,
        wipe=wipe.pk,
        sheet=managers.keep(cast.ayse.pk, managers.Batch(name="sheet.xlsx", rows=[row])),
    )


def _uploaded(office: Unit) -> bulk.Batch:
    """The rows of a sheet that Ayşe uploaded and has not saved yet."""
    item = {"kind": "renamed", "unit": office.pk, "assignments": {"name": "Department 3"}}
    row = bulk.Row(line=2, cells=dict.fromkeys(HEADERS, ""), item=item)
    day = timezone.localdate()
    header = {"title": "Sheet", "effective_on": day, "reason": "Test", "legal_reference": ""}
    return bulk.Batch(name="sheet.xlsx", rows=[row], header=header)
