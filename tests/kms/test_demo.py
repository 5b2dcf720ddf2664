"""The demo legislation: facts, excerpts marked as such, and something on every page."""

import pytest

from kms import demo
from kms.models import Instrument, Relation, TextVersion

pytestmark = pytest.mark.django_db


def test_the_demo_loads_once_and_is_alive(client):
    assert "yüklendi" in demo.load()
    assert demo.load() == ""
    assert Instrument.objects.count() > 45
    assert not TextVersion.objects.filter(excerpt=False).exists()
    assert Relation.objects.filter(kind="based_on").count() > 5
    law = Instrument.objects.get(number="4982")
    page = client.get(f"/mevzuat/{law.pk}/").content.decode()
    assert "resmî metin değildir" in page
    assert "<ins>" in client.get(f"/mevzuat/{law.pk}/karsilastir/").content.decode()
    old = Instrument.objects.get(number="1050")
    assert old.status == "repealed"
    assert Instrument.objects.filter(number="657").count() == 2
