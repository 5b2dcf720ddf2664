"""A small state: a ministry with its headquarters, a regional directorate directly under it, a
governorship with a provincial directorate, and their officers.

Ayşe is Yetkili of the ministry, Burak Görevli of the regional directorate, Cem Yetkili of the
governorship, Zeynep the centre, Deniz a citizen.
"""

from dataclasses import dataclass

import pytest

from detsis.models import Unit
from detsis.seed import StatusCode
from kaysis.accounts.models import Person, Role
from tests.factories.accounts import PersonFactory, person_with
from tests.factories.detsis import unit


@dataclass(frozen=True)
class State:
    head: Unit
    ministry: Unit
    office: Unit
    region: Unit
    branch: Unit
    governorship: Unit
    directorate: Unit
    school: Unit
    ayse: Person
    burak: Person
    cem: Person
    deniz: Person
    zeynep: Person


@pytest.fixture
def state(db) -> State:
    head = unit("Cumhurbaşkanlığı", is_institution=True)
    ministry = unit("Tarım Bakanlığı", head.pk, is_institution=True)
    office = unit("Personel Dairesi", ministry.pk)
    region = unit("Bölge Müdürlüğü", ministry.pk, organisation_type="provincial", province=6)
    branch = unit("Bölge Şubesi", region.pk, organisation_type="provincial", province=6)
    governorship = unit(
        "Ankara Valiliği",
        head.pk,
        status=StatusCode.GOVERNORSHIP,
        organisation_type="provincial",
        province=6,
    )
    civil = {
        "organisation_type": "provincial",
        "province": 6,
        "civil_authority": governorship.pk,
    }
    directorate = unit("İl Tarım Müdürlüğü", ministry.pk, **civil)
    return State(
        head=head,
        ministry=ministry,
        office=office,
        region=region,
        branch=branch,
        governorship=Unit.objects.get(pk=governorship.pk),
        directorate=directorate,
        school=unit("Tarım Lisesi", directorate.pk, **civil),
        ayse=person_with(
            Role.IYEM_AUTHORISED, ministry.pk, given_name="Ayşe", family_name="Yılmaz"
        ),
        burak=person_with(Role.IYEM_REGISTRAR, region.pk, given_name="Burak", family_name="Demir"),
        cem=person_with(
            Role.IYEM_AUTHORISED, governorship.pk, given_name="Cem", family_name="Kaya"
        ),
        deniz=PersonFactory(given_name="Deniz", family_name="Ateş"),
        zeynep=person_with(Role.CENTRAL_ADMINISTRATOR, given_name="Zeynep", family_name="Aydın"),
    )


@pytest.fixture
def ayse(state, client_of):
    return client_of(state.ayse)


@pytest.fixture
def burak(state, client_of):
    return client_of(state.burak)


@pytest.fixture
def cem(state, client_of):
    return client_of(state.cem)


@pytest.fixture
def zeynep(state, client_of):
    return client_of(state.zeynep)
