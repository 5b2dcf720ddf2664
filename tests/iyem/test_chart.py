"""Deputies in the organisation chart, with the units that answer to each (rule 14)."""

import datetime as dt

import pytest
from django.test import Client

from iyem import services
from tests.factories.detsis import chain, unit
from tests.factories.iyem import appoint, centre, manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def governorship():
    """A governor, two deputies, two provincial units under the first, one below nobody."""
    place = chain("Cumhurbaşkanlığı", "Iğdır Valiliği", is_institution=True)[1]
    actor = centre()
    appoint(place, manager(given_name="Vahap", family_name="Vali"), title="Vali")
    posts = [services.open_deputy_post(actor=actor, unit=place) for _ in range(2)]
    for post, name in zip(posts, ("Elif", "Can"), strict=True):
        who = manager(given_name=name, family_name="Yardımcı")
        appoint(place, who, title="Vali Yardımcısı", ordinal=post.ordinal)
    ministry = unit("Tarım Bakanlığı")
    farming = unit("İl Tarım Müdürlüğü", ministry, civil_authority=place.pk)
    writing = unit("Yazı İşleri Müdürlüğü", place)
    unit("Özel Kalem", place)
    for each in (farming, writing):
        services.link_to_deputy(
            actor=actor, unit=each, post=posts[0], starts_on=dt.date(2024, 1, 1)
        )
    return place, farming, writing


def test_deputies_are_drawn_between_the_head_and_their_units(governorship):
    place, farming, writing = governorship
    svg = Client().get(f"/kurum/{place.pk}/sema.svg").content.decode()
    assert "Elif YARDIMCI" in svg
    assert "Can YARDIMCI" in svg
    assert "2 bağlı birim" in svg
    for each in (farming, writing):
        assert f"({each.pk})" in svg
    page = Client().get(f"/kurum/{place.pk}/sema/").content.decode()
    outline = page[page.index('class="d-outline"') :]
    chair = outline.index("Elif YARDIMCI")
    assert chair < outline.index("İl Tarım Müdürlüğü") < outline.index("Can YARDIMCI")
    assert chair < outline.index("Yazı İşleri Müdürlüğü") < outline.index("Can YARDIMCI")
    assert outline.index("Can YARDIMCI") < outline.index("Özel Kalem")
    assert outline.count("Yazı İşleri Müdürlüğü") == 1
    pdf = Client().get(f"/kurum/{place.pk}/sema.pdf")
    assert pdf.content.startswith(b"%PDF")


def test_of_an_earlier_day_the_links_of_that_day_are_drawn(governorship):
    place, farming, _writing = governorship
    before = f"/kurum/{place.pk}/sema.svg?tarih=2023-12-31"
    assert f"({farming.pk})" not in Client().get(before).content.decode()
    after = f"/kurum/{place.pk}/sema.svg?tarih=2024-01-01"
    assert f"({farming.pk})" in Client().get(after).content.decode()


def test_a_chair_without_a_holder_and_units_is_not_drawn(governorship):
    place, _farming, _writing = governorship
    services.open_deputy_post(actor=centre(), unit=place)
    svg = Client().get(f"/kurum/{place.pk}/sema.svg").content.decode()
    assert "Makam boş" not in svg
    assert svg.count(">Vali Yardımcısı<") == 2
