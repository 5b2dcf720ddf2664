"""Every operation of the API keeps what its own description promises."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from detsis import services
from tests.cache import forget
from tests.factories.detsis import chain

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.django_db(transaction=True)
def test_answers_are_as_described(settings_without_throttles):
    from kaysis.wsgi import application

    chain("Cumhurbaşkanlığı", "Genel Sekreterlik")
    ended = chain("Biten")[0]
    services.close_unit(unit=ended.pk, effective_on=ended.valid_from.replace(year=2020), actor=None)
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 6
    for operation in operations:

        @settings(
            max_examples=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        )
        @given(case=operation.as_strategy())
        def keeps_its_promise(case):
            response = case.call()
            assert response.status_code < 500
            # The endless form of the feed is lines of JSON, which OpenAPI cannot describe.
            if (case.query or {}).get("stream") not in (True, "true"):
                case.validate_response(response, checks=CHECKS)

        keeps_its_promise()


@pytest.fixture
def settings_without_throttles(settings):
    """The test asks more often than any client may."""
    settings.API_THROTTLES = {"anonymous": "", "client": ""}
    forget()
