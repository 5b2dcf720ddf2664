"""First-registration campaigns: progress, missing units, reports, reminders (rule 12)."""

import datetime as dt
import email
import io
import smtplib
import socket
import threading
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from iyem import coverage, services, tasks
from iyem.models import Campaign, CampaignReminder
from iyem.progress import By, lines, total
from kaysis.accounts.models import Person, Role
from kaysis.celery import app
from kaysis.common.errors import NotAllowed, RuleViolation
from tests.factories.accounts import RoleGrantFactory, person_with
from tests.factories.iyem import appoint

pytestmark = pytest.mark.django_db

BASE = "/yetkili/iyem/kampanyalar"
TODAY = timezone.localdate()


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def campaign(actor, first=-10, last=20, every=7, name="İlk kayıt"):
    return services.open_campaign(
        actor=actor,
        name=name,
        first_day=days(first),
        last_day=days(last),
        remind_every_days=every,
    )


# --- The campaign itself -------------------------------------------------------------------------


def test_rule_12_the_centre_opens_campaigns_with_dates(state):
    made = campaign(state.zeynep)
    assert (made.period.lower, made.period.upper) == (days(-10), days(21))
    with pytest.raises(NotAllowed):
        campaign(state.ayse, first=30, last=40)
    with pytest.raises(RuleViolation) as refused:
        campaign(state.zeynep, first=40, last=30)
    assert refused.value.field == "last_day"
    with pytest.raises(ValidationError, match="başka bir kampanya"):
        campaign(state.zeynep, first=20, last=40)
    with pytest.raises(ValidationError) as wrong:
        campaign(state.zeynep, first=50, last=60, every=0)
    assert "1 ile 90" in str(wrong.value)
    longer = services.change_campaign(
        actor=state.zeynep,
        campaign=made,
        name="Uzatıldı",
        first_day=days(-10),
        last_day=days(60),
        remind_every_days=3,
    )
    assert Campaign.objects.get().period.upper == days(61)
    assert longer.name == "Uzatıldı"


def test_the_centre_opens_and_changes_it_on_the_page(zeynep, ayse, state):
    url = f"{BASE}/yeni/"
    assert ayse.get(url).status_code == 403
    data = {"name": "Kayıt", "first_day": days(0), "last_day": days(-1), "remind_every_days": 7}
    wrong = zeynep.post(url, data)
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"last_day"}
    made = zeynep.post(url, {**data, "last_day": days(30)})
    row = Campaign.objects.get()
    assert made.url == f"{BASE}/{row.pk}/"
    overlapping = zeynep.post(url, {**data, "last_day": days(40)})
    assert overlapping.status_code == 422
    edit = f"{BASE}/{row.pk}/duzenle/"
    shown = zeynep.get(edit).content.decode()
    assert f'value="{days(30):%Y-%m-%d}"' in shown
    zeynep.post(edit, {**data, "name": "Yeni ad", "last_day": days(50)})
    row.refresh_from_db()
    assert (row.name, row.period.upper) == ("Yeni ad", days(51))
    assert "Yeni ad" in ayse.get(f"{BASE}/").content.decode()


# --- Progress ------------------------------------------------------------------------------------


def told(found):
    return {line.name: (line.units, line.registered, line.missing) for line in found}


def test_progress_by_institution_province_and_level(state):
    made = campaign(state.zeynep)
    appoint(state.office)
    appoint(state.directorate)
    coverage.refresh()
    assert told(lines(made, state.zeynep, By.INSTITUTION)) == {
        "Cumhurbaşkanlığı": (2, 0, 2),
        "Tarım Bakanlığı": (6, 2, 4),
    }
    assert told(lines(made, state.zeynep, By.PROVINCE)) == {
        "Belirtilmemiş": (3, 1, 2),
        "Ankara": (5, 1, 4),
    }
    assert told(lines(made, state.zeynep, By.LEVEL)) == {
        "Kurumların kendisi": (2, 0, 2),
        "1. düzey birimler": (4, 2, 2),
        "2. düzey birimler": (2, 0, 2),
    }
    whole = total(made, state.zeynep)
    assert (whole.units, whole.registered, whole.percent) == (8, 2, 25)


def test_officers_see_how_far_their_own_units_are(state):
    made = campaign(state.zeynep)
    appoint(state.office)
    coverage.refresh()
    assert (total(made, state.ayse).units, total(made, state.ayse).registered) == (4, 1)
    assert total(made, state.burak).units == 2
    assert total(made, state.cem).units == 3


def test_a_campaign_that_is_over_is_told_as_it_ended(state):
    made = campaign(state.zeynep, first=-60, last=-30)
    appoint(state.office, recorded=f"{days(-40):%Y-%m-%d} 10:00")
    appoint(state.region, recorded=f"{days(-5):%Y-%m-%d} 10:00")
    coverage.refresh()
    assert total(made, state.zeynep).registered == 1


def test_progress_takes_the_same_queries_however_many(state, django_assert_num_queries):
    made = campaign(state.zeynep)
    coverage.refresh()
    total(made, state.zeynep)  # the grants are read once
    with django_assert_num_queries(2):
        lines(made, state.zeynep, By.INSTITUTION)
    with django_assert_num_queries(1):
        total(made, state.zeynep)


def test_the_page_leads_down_to_the_missing_units(zeynep, ayse, state):
    made = campaign(state.zeynep)
    appoint(state.office)
    coverage.refresh()
    for part in ("kurum", "il", "duzey", "yok"):
        page = zeynep.get(f"{BASE}/{made.pk}/?kirilim={part}")
        assert page.status_code == 200
    page = zeynep.get(f"{BASE}/{made.pk}/").content.decode()
    assert f"{BASE}/{made.pk}/eksik/?kurum={state.ministry.pk}" in page

    def missing(client, query=""):
        found = client.get(f"{BASE}/{made.pk}/eksik/?{query}")
        return {unit.pk for unit in found.context["page_obj"].object_list}

    assert missing(zeynep, f"kurum={state.ministry.pk}") == {
        state.ministry.pk,
        state.region.pk,
        state.branch.pk,
        state.directorate.pk,
        state.school.pk,
    }
    assert missing(zeynep, "il=6&duzey=2") == {state.branch.pk, state.school.pk}
    assert missing(ayse) == {state.ministry.pk, state.region.pk, state.branch.pk}
    assert missing(ayse, f"kapsam={state.region.pk}") == {state.region.pk, state.branch.pk}
    assert missing(ayse, "q=şubesi") == {state.branch.pk}
    rows = zeynep.get(f"{BASE}/{made.pk}/eksik/?bicim=csv").getvalue().decode()
    assert "Bölge Şubesi" in rows
    assert "Personel Dairesi" not in rows


def test_reports_for_the_ministry(zeynep, state):
    made = campaign(state.zeynep)
    appoint(state.office)
    coverage.refresh()
    answer = zeynep.get(f"{BASE}/{made.pk}/rapor.pdf")
    text = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    for part in ("İlk kayıt", "8 faal birimden 1 tanesinin", "Tarım Bakanlığı", "Ankara"):
        assert part in text, part
    answer = zeynep.get(f"{BASE}/{made.pk}/rapor.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert ("Kuruma göre", state.ministry.pk, "Tarım Bakanlığı", 6, 1, 5, 16) in rows
    assert rows[-1][2:] == ("Toplam", 8, 1, 7, 12)


def test_the_printed_report_sums_what_it_has_no_room_for(zeynep, state, monkeypatch):
    monkeypatch.setattr("iyem.authorising.views.campaigns.LINES_OF_THE_PDF", 1)
    made = campaign(state.zeynep)
    coverage.refresh()
    answer = zeynep.get(f"{BASE}/{made.pk}/rapor.pdf")
    text = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    assert "Kurumların kendisi 2 0 2 0 Diğer 2 satır; tümü Excel dosyasında 6 0 6 0" in text


# --- Reminders -----------------------------------------------------------------------------------


class Inbox:
    """Keeps what a real SMTP server on loopback was sent; refuses the addresses in `unknown`."""

    def __init__(self) -> None:
        self.messages: list[email.message.Message] = []
        self.unknown: set[str] = set()

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.unknown:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.messages.append(email.message_from_bytes(envelope.content))
        return "250 OK"

    def told(self) -> dict[str, str]:
        """Receiver → subject and text."""
        found = {}
        for message in self.messages:
            subject = str(make_header(decode_header(message["Subject"])))
            text = message.get_payload(decode=True).decode()
            assert message["To"] not in found, "sent twice"
            found[message["To"]] = f"{subject}\n{text}"
        return found


@pytest.fixture
def inbox(settings):
    handler = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.SITE_URL = "https://kaysis.example"
    yield handler
    controller.stop()


@pytest.fixture
def addressed(state):
    """All officers but Zeynep have an e-mail address."""
    for person in (state.ayse, state.burak, state.cem, state.deniz):
        address = f"{person.given_name.lower()}@example.org".replace("ş", "s")
        Person.objects.filter(pk=person.pk).update(email=address)
    return state


def test_officers_are_reminded_of_what_their_units_lack(inbox, addressed):
    state = addressed
    made = campaign(state.zeynep)
    appoint(state.office)
    assert tasks.send_campaign_reminders() == 3
    told = inbox.told()
    assert set(told) == {"ayse@example.org", "burak@example.org", "cem@example.org"}
    text = told["ayse@example.org"]
    assert text.startswith("İYEM: 3 birimin yöneticisi henüz kaydedilmedi")
    assert "Sayın Ayşe YILMAZ," in text
    assert f"{days(20):%d.%m.%Y}; 20 gün kaldı" in text
    link = f"https://kaysis.example{BASE}/{made.pk}/eksik/?kapsam={state.ministry.pk}"
    assert link in text
    assert "2 birimin" in told["burak@example.org"]
    assert "3 birimin" in told["cem@example.org"]
    rows = CampaignReminder.objects.order_by("missing")
    assert [(row.missing, row.sent_at is not None) for row in rows] == [
        (2, True),
        (3, True),
        (3, True),
    ]


def test_nobody_is_reminded_twice(inbox, addressed):
    campaign(addressed.zeynep, every=7)
    assert services.send_reminders() == 3
    assert services.send_reminders() == 0
    assert services.send_reminders(today=days(6)) == 0
    assert len(inbox.messages) == 3
    inbox.messages.clear()
    assert services.send_reminders(today=days(7)) == 3
    assert len(inbox.told()) == 3


def test_whoever_has_nothing_missing_hears_nothing(inbox, addressed):
    campaign(addressed.zeynep)
    appoint(addressed.region)
    appoint(addressed.branch)
    services.send_reminders()
    assert "burak@example.org" not in inbox.told()


def test_outside_a_campaign_nothing_is_sent(inbox, addressed):
    campaign(addressed.zeynep, first=5, last=10)
    assert services.send_reminders() == 0
    assert services.send_reminders(today=days(11)) == 0
    assert inbox.messages == []


def test_a_message_that_was_under_way_when_the_job_died_is_not_sent_again(
    inbox, addressed, monkeypatch
):
    """The row is there before the message: whatever became of it, there is no second one."""
    campaign(addressed.zeynep)

    class Killed(BaseException):
        pass

    def die(*_args, **_given):
        raise Killed

    monkeypatch.setattr("django.core.mail.EmailMessage.send", die)
    with pytest.raises(Killed):
        services.send_reminders()
    monkeypatch.undo()
    assert CampaignReminder.objects.filter(sent_at=None).count() == 1
    assert services.send_reminders() == 2
    assert len(inbox.told()) == 2


def test_a_server_that_does_not_answer_leaves_no_row(inbox, addressed, settings):
    campaign(addressed.zeynep)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    with pytest.raises(OSError, match="refused"):
        services.send_reminders()
    assert CampaignReminder.objects.count() == 0
    settings.EMAIL_PORT = port
    assert services.send_reminders() == 3


def test_a_refused_address_does_not_keep_the_others_waiting(inbox, addressed):
    made = campaign(addressed.zeynep)
    inbox.unknown = {"ayse@example.org"}
    assert services.send_reminders() == 2
    refused = CampaignReminder.objects.get(sent_at=None)
    assert (refused.campaign, refused.officer) == (made, addressed.ayse)


def test_an_officer_of_two_places_is_reminded_of_each(inbox, addressed):
    campaign(addressed.zeynep)
    both = person_with(Role.IYEM_REGISTRAR, addressed.branch.pk)
    Person.objects.filter(pk=both.pk).update(email="iki@example.org")

    RoleGrantFactory(person=both, role=Role.IYEM_REGISTRAR, scope_detsis_no=addressed.school.pk)
    services.send_reminders()
    mine = [message for message in inbox.messages if message["To"] == "iki@example.org"]
    assert len(mine) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(inbox, addressed):
    campaign(addressed.zeynep)
    sent, start = [], threading.Barrier(3)

    def work():
        try:
            start.wait(timeout=20)
            sent.append(services.send_reminders())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sum(sent) == 3
    assert len(inbox.told()) == 3
    assert CampaignReminder.objects.filter(sent_at__isnull=False).count() == 3


def test_the_schedule_knows_the_jobs():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    for name in ("refresh_coverage", "send_campaign_reminders", "erase_personal_data"):
        assert f"iyem.tasks.{name}" in scheduled
        assert f"iyem.tasks.{name}" in app.tasks
    assert issubclass(smtplib.SMTPRecipientsRefused, smtplib.SMTPException)
