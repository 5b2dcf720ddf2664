import pytest
from django.db import connection

from tests.common import models


@pytest.fixture(scope="session")
def tables(django_db_setup, django_db_blocker):
    """Creates the tables of `tests.common.models` for the session."""
    with django_db_blocker.unblock():
        existing = connection.introspection.table_names()
        with connection.schema_editor() as editor:
            for model in models.ALL:
                if model._meta.db_table in existing:
                    editor.delete_model(model)
                editor.create_model(model)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for model in reversed(models.ALL):
            editor.delete_model(model)
