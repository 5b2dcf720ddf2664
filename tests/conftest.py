"""Fixtures that tests of all apps use."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from detsis.kept import forget_all
from kaysis.accounts.models import Person

pytest_plugins = ["tests.browser", "tests.signing"]


@pytest.fixture(autouse=True)
def _turkish() -> None:
    """Each test begins in the portal's own language, whatever the last request asked for."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """What the last test's rows, since taken back, had the process keep."""
    forget_all()


@pytest.fixture
def client_of(db: None) -> Callable[[Person], Client]:
    """`client_of(ayse)`: a browser in which she has signed in."""

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in
