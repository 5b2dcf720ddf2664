"""Messages inside the portal."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kaysis.accounts import services
from kaysis.accounts.models import Notification
from kaysis.accounts.selectors import unread_count
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db


def test_a_notification_is_read_when_it_is_opened(cast: Cast, client_of) -> None:
    sent = services.notify(
        person=cast.ayse, kind="test.hello", text="Öneriniz onaylandı", url="/yetkili/hesabim/"
    )
    client = client_of(cast.ayse)
    assert "Öneriniz onaylandı" in client.get("/yetkili/").content.decode()
    assert unread_count(cast.ayse) == 1
    response = client.post(f"/yetkili/bildirimler/{sent.pk}/")
    assert response.headers["Location"] == "/yetkili/hesabim/"
    assert unread_count(cast.ayse) == 0


def test_all_are_read_at_once(cast: Cast, client_of) -> None:
    services.notify_everyone(people=[cast.ayse, cast.cem], kind="test", text="Duyuru")
    client_of(cast.ayse).post("/yetkili/bildirimler/okundu/")
    assert unread_count(cast.ayse) == 0
    assert unread_count(cast.cem) == 1


def test_with_a_key_it_is_sent_once(cast: Cast) -> None:
    for _time in range(2):
        services.notify(person=cast.ayse, kind="test", text="Süre doluyor", key="deadline:1")
    sent = services.notify_everyone(
        people=[cast.ayse, cast.cem], kind="test", text="Süre doluyor", key="deadline:1"
    )
    assert [message.person for message in sent] == [cast.cem]
    assert Notification.objects.count() == 2


@pytest.mark.parametrize("url", ["https://kotu.example/", "//kotu.example/", "javascript:x"])
def test_it_never_leads_to_another_site(cast: Cast, url: str) -> None:
    with pytest.raises(ValidationError):
        services.notify(person=cast.ayse, kind="test", text="Tıkla", url=url)


def test_it_is_kept_in_turkish_whatever_the_sender_reads(cast: Cast) -> None:
    with override("en"):
        sent = services.notify(person=cast.ayse, kind="test", text=_("Bildirimler"))
    assert sent.text == "Bildirimler"
