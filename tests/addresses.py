"""Every address of the portal, with a small state in which each of them leads somewhere."""

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
from iyem.models import Appointment
from kaysis.accounts.models import Notification, Role, RoleGrant, SignIn
from kaysis.accounts.services import notify
from tests.factories.accounts import Cast, RoleGrantFactory, make_cast
from tests.factories.detsis import chain, unit
from tests.factories.iyem import appoint

NOBODY = "anonymous"


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
            "token": self.token,
            "manager_code": self.appointment.manager.manager_code,
        }
        wanted = [*_arguments(name)]
        if chosen:
            given[wanted[-1]] = chosen
        return reverse(name, kwargs={argument: given[argument] for argument in wanted})

    def _key_of(self, name: str) -> int:
        if name == "accounts:open_notification":
            return self.notification.pk
        if name in ("accounts:grant", "accounts:revoke"):
            return self.grant.pk
        if name.startswith("iyem:api-appointment"):
            return self.appointment.pk
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
    Client().force_login(cast.ayse)
    return State(
        cast=cast,
        office=Unit.objects.get(pk=office.pk),
        file=file,
        notification=Notification.objects.get(person=cast.ayse),
        grant=RoleGrant.objects.get(person=cast.ayse, role=Role.DETSIS_OFFICER),
        sign_in=SignIn.objects.get(person=cast.ayse),
        token=bulk.keep(cast.ayse.pk, _uploaded(office)),
        appointment=appoint(office, actor=cast.zeynep, title="Head"),
    )


def _uploaded(office: Unit) -> bulk.Batch:
    """The rows of a sheet that Ayşe uploaded and has not saved yet."""
    item = {"kind": "renamed", "unit": office.pk, "assignments": {"name": "Department 3"}}
    row = bulk.Row(line=2, cells=dict.fromkeys(HEADERS, ""), item=item)
    day = timezone.localdate()
    header = {"title": "Sheet", "effective_on": day, "reason": "Test", "legal_reference": ""}
    return bulk.Batch(name="sheet.xlsx", rows=[row], header=header)
