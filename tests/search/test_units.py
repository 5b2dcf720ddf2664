"""Units in the search: their source, and what leads straight to them."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from detsis import loading, services
from detsis.models import Country, District, Province
from detsis.services.codes import save_code
from kaysis.accounts.models import Role
from kaysis.search import finder
from kaysis.search.models import SearchEntry
from tests.factories.accounts import person_with
from tests.factories.detsis import chain, unit

pytestmark = pytest.mark.django_db

ANYBODY = AnonymousUser()
DAY = dt.date(2020, 1, 1)


def found(text):
    return [hit.object_id for hit in finder.search(text, user=ANYBODY).found.hits]


@pytest.fixture
def igdir():
    """Iğdır's population directorate below its general directorate, and its governorship."""
    number = Province.objects.get(name="Iğdır").pk
    governorship = unit("Iğdır Valiliği", is_institution=True, province=number)
    _, above, directorate = chain(
        "İçişleri Bakanlığı",
        "Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü",
        "Iğdır İl Nüfus ve Vatandaşlık Müdürlüğü",
    )
    return governorship, above, directorate


def test_a_unit_is_found_by_its_name_its_place_and_what_it_belongs_to(igdir):
    governorship, above, directorate = igdir
    assert found("igdir nufus mudurlugu")[0] == directorate.pk
    generic = unit(
        "Yazı İşleri Müdürlüğü", governorship.pk, province=governorship.province_id,
        civil_authority=above.pk, name_en="Chief Clerk's Office",
    )  # fmt: skip
    unit("Yazı İşleri Müdürlüğü")
    assert found("yazı işleri ığdır") == [generic.pk]
    assert found("yazı işleri valiliği") == [generic.pk]
    assert found("chief clerk") == [generic.pk]
    assert found("yazı işleri vatandaşlık") == [generic.pk]
    entry = SearchEntry.objects.get(object_id=generic.pk)
    assert entry.url == generic.get_absolute_url()
    assert entry.facets == {"place": "Iğdır"}


@pytest.mark.parametrize(
    ("model", "code", "more"),
    [
        (Province, "76", {}),
        (District, "1692", {"province": 76}),
        (Country, "DE", {"organisation_type": "abroad"}),
    ],
)
def test_a_place_is_found_by_its_new_name_once_it_is_renamed(model, code, more):
    """Also the units that carry it, and no others."""
    fact = model._meta.model_name
    known_as = model.objects.get(pk=code).name
    there = unit("Yazı İşleri Müdürlüğü", **more, **{fact: model._meta.pk.to_python(code)})
    unit("Yazı İşleri Müdürlüğü")
    assert found(f"yazı işleri {known_as}") == [there.pk]
    save_code(
        actor=person_with(Role.CENTRAL_ADMINISTRATOR),
        model=model,
        code=code,
        new=False,
        name="Güzelyurt",
        reason="Kanun",
    )
    assert found("yazı işleri güzelyurt") == [there.pk]
    entry = SearchEntry.objects.get(object_id=there.pk)
    assert "Güzelyurt" in entry.facets["place"]
    assert known_as not in f"{entry.facets} {entry.subtitle}"


def test_the_path_is_shown_and_asked_once(igdir, client, django_assert_num_queries):
    # The words, the entries, words like them, how many of each kind, the paths.
    with django_assert_num_queries(5):
        html = client.get("/ara/", {"q": "iğdir nüfus müdürlüğü"}).content.decode()
    path = html[html.index('class="k-path"') :]
    assert path.index("İçişleri Bakanlığı") < path.index("Nüfus ve Vatandaşlık İşleri")
    suggestion = client.get("/ara/oneri/", {"q": "ığdır nüf"}).json()["results"][0]
    assert suggestion["path"] == "İçişleri Bakanlığı › Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü"


def test_the_index_follows_changes(igdir, client):
    governorship, above, directorate = igdir
    services.rename_unit(
        actor=None, unit=directorate.pk, name="Iğdır Kütük İdaresi", effective_on=DAY, reason="x",
    )  # fmt: skip
    assert found("kütük") == [directorate.pk]
    assert "Eski adı:" in client.get("/ara/", {"q": "ığdır il vatandaşlık"}).content.decode()
    services.rename_unit(
        actor=None, unit=above.pk, name="Kimlik Genel Müdürlüğü", effective_on=DAY, reason="x",
    )  # fmt: skip
    assert directorate.pk in found("kimlik genel")
    services.close_unit(actor=None, unit=directorate.pk, effective_on=DAY, reason="x")
    assert not SearchEntry.objects.get(object_id=directorate.pk).active
    services.move_unit(
        actor=None, unit=above.pk, parent=governorship.pk, effective_on=DAY, reason="x"
    )
    assert found("kimlik valiliği") == [above.pk]


def test_a_name_of_the_future_is_no_former_name(igdir):
    later = timezone.localdate() + dt.timedelta(days=30)
    services.rename_unit(
        actor=None, unit=igdir[2].pk, name="Bambaşka İdare", effective_on=later, reason="x",
    )  # fmt: skip
    assert found("bambaşka") == []


def test_what_is_rolled_back_is_not_found(igdir):
    with transaction.atomic():
        unit("Vazgeçilen Birim")
        transaction.set_rollback(True)
    assert found("vazgeçilen") == []


def test_a_load_is_indexed(db):
    rows = [
        {"detsis_no": 50_000_000 + n, "name": f"Yüklenen {n}", "valid_from": DAY} for n in range(3)
    ]
    with transaction.atomic():
        loading.stage(rows)
        loading.insert_staged(actor_id=None, source="test", today=timezone.localdate())
    assert sorted(found("yüklenen")) == [50_000_000, 50_000_001, 50_000_002]


def test_abbreviations_and_initials(db):
    root = unit("Cumhurbaşkanlığı")
    ministry = unit("Millî Eğitim Bakanlığı", root.pk, is_institution=True)
    institute = unit("Türkiye İstatistik Kurumu (TÜİK) Başkanlığı", root.pk, is_institution=True)
    parliament = unit("Türkiye Büyük Millet Meclisi Başkanlığı", is_institution=True)
    waters = unit("Devlet Su İşleri Genel Müdürlüğü", root.pk)
    unit("MEB Yayınları Satış Mağazası", ministry.pk)
    assert found("meb")[0] == ministry.pk
    assert found("TÜİK")[0] == found("tuik")[0] == institute.pk
    assert found("tbmm")[0] == parliament.pk
    assert found("DSİ")[0] == waters.pk
    numbers = SearchEntry.objects.values_list("numbers", flat=True)
    assert numbers.get(object_id=ministry.pk) == [str(ministry.pk), "meb", "meb"]
    assert numbers.get(object_id=root.pk) == [str(root.pk)]


def test_initials_of_municipalities_mean_nothing(db):
    given = {"is_institution": True, "category": 204}
    unit("İliç Belediye Başkanlığı", **given)
    city = unit("İzmir Büyükşehir Belediye Başkanlığı", **given)
    assert found("ibb") == [city.pk]


@pytest.mark.parametrize(
    "text",
    [
        "72131250",
        " 72131250 ",
        "E-72131250-903.07.02-4752",
        "e-72131250-903.07.02-4752",
        "Z – 72131250 – 010 - 1",
        "72131250-010.03-936",
        "Sayı: E-72131250-903.07.02-4752",
        "SAYI : 72131250-010.03-936",
        "igdir.nufus@hs01.kep.tr",
        "IGDIR.NUFUS@HS01.KEP.TR",
    ],
)
def test_numbers_lead_to_their_unit(client, text):
    unit(
        "Iğdır Nüfus", detsis_no=72131250,
        kep_addresses=[{"address": "igdir.nufus@hs01.kep.tr", "valid_from": None}],
    )  # fmt: skip
    response = client.get("/ara/", {"q": text})
    assert (response.status_code, response.get("Location")) == (302, "/kurum/72131250/")


@pytest.mark.parametrize(
    "text",
    ["72131251", "721312500", "07213125", "E-72131250", "E-72131250-9-1", "x@hs09.kep.tr", "no@x"],
)
def test_other_numbers_are_searched_for(client, text):
    unit("Iğdır Nüfus", detsis_no=72131250)
    assert client.get("/ara/", {"q": text}).status_code == 200


def test_a_unit_that_never_came_into_being_is_not_found(db):
    later = timezone.localdate() + dt.timedelta(days=30)
    founding = services.found_unit(
        actor=None, name="Kurulamayan Birim", parent=None, effective_on=later, detsis_no=60000000
    )
    assert found("kurulamayan") == [60000000]
    services.void_change(actor=None, change=founding, reason="vazgeçildi")
    assert found("kurulamayan") == []
