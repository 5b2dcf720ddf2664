"""The cast of the officers' area: a ministry, its officer, another's, a citizen, the centre."""

import datetime as dt

import pytest

from detsis.models import Unit
from kaysis.accounts.models import Person, Role
from tests.factories.accounts import PersonFactory, person_with
from tests.factories.detsis import chain, unit

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def ministry() -> list[Unit]:
    return chain("Cumhurbaşkanlığı", "Tarım Bakanlığı", "Bilgi İşlem Dairesi")


@pytest.fixture
def officer(ministry) -> Person:
    return person_with(Role.DETSIS_OFFICER, ministry[1].pk)


@pytest.fixture
def centre() -> Person:
    return person_with(Role.CENTRAL_ADMINISTRATOR)


@pytest.fixture
def ayse(officer, client_of):
    """DETSİS officer of the ministry."""
    return client_of(officer)


@pytest.fixture
def cem(client_of):
    """DETSİS officer elsewhere."""
    return client_of(person_with(Role.DETSIS_OFFICER, unit("Sağlık Bakanlığı").pk))


@pytest.fixture
def deniz(client_of):
    """A citizen."""
    return client_of(PersonFactory())


@pytest.fixture
def zeynep(centre, client_of):
    """The central administrator."""
    return client_of(centre)
