"""The statements in the database are those of the source."""

import pytest
from django.db import connection

from kaysis.search import statement


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "created"),
    [
        (statement.FUNCTION, statement.CREATE_FUNCTION),
        (statement.COUNT_FUNCTION, statement.CREATE_COUNT_FUNCTION),
    ],
)
def test_functions_are_as_in_the_source(name, created):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [name])
        (source,) = cursor.fetchone()
    assert source == created.split("$body$")[1], "a migration must create the function again"
