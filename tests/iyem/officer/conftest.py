"""The cast of the desk: a ministry with two departments, its Yetkili, another's, a citizen."""

import datetime as dt

import pytest

from iyem.services.states import as_recorded_at
from kaysis.accounts.models import Role
from tests.factories.accounts import PersonFactory, person_with
from tests.factories.detsis import chain, unit

NOON = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now(request, time_machine):
    """Tuesday, 24 November 2026, noon in Istanbul; browsers keep the real time."""
    if request.node.get_closest_marker("browser") is not None:
        yield
        return
    time_machine.move_to(NOON, tick=False)
    # States are known from the database's clock on; here from the same moment.
    with as_recorded_at(NOON):
        yield


@pytest.fixture
def ministry(db):
    """State, ministry (an institution), department."""
    made = chain("Cumhurbaşkanlığı", "Tarım Bakanlığı", is_institution=True)
    made.append(unit("Bilgi İşlem Dairesi", made[1].pk))
    return made


@pytest.fixture
def officer(ministry):
    return person_with(
        Role.IYEM_AUTHORISED, ministry[1].pk, given_name="Ayşe", family_name="Yılmaz"
    )


@pytest.fixture
def ayse(officer, client_of):
    """Yetkili of the ministry."""
    return client_of(officer)


@pytest.fixture
def cem(client_of):
    """Yetkili elsewhere."""
    return client_of(person_with(Role.IYEM_AUTHORISED, unit("Sağlık Bakanlığı").pk))


@pytest.fixture
def deniz(client_of):
    """A citizen."""
    return client_of(PersonFactory())


@pytest.fixture
def zeynep(client_of):
    """The central administrator."""
    return client_of(person_with(Role.CENTRAL_ADMINISTRATOR))
