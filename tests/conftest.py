"""Fixtures that tests of all apps use."""

from collections.abc import Callable

import pytest
from django.test import Client

from kaysis.accounts.models import Person

pytest_plugins = ["tests.browser"]


@pytest.fixture
def client_of(db: None) -> Callable[[Person], Client]:
    """`client_of(ayse)`: a browser in which she has signed in."""

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in
