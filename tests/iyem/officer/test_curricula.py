"""Curricula (rule 18): handed in, reviewed, published while in office and with consent."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from iyem import services
from iyem.models import Curriculum
from iyem.officer.photos import SIDE, clean_photo
from iyem.services.curricula import review_curriculum
from kaysis.common.errors import Conflict, NotAllowed
from tests.factories.iyem import appoint, manager, moment

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def head(ministry):
    return manager(given_name="Mehmet", family_name="Ak")


@pytest.fixture
def held(ministry, head):
    return appoint(ministry[2], head, "2024-01-01 09:00", title="Başkan")


def picture(kind="JPEG", size=(1200, 900)):
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", size, "navy").save(held, kind, exif=exif)
    return held.getvalue()


def submit(client, head, **given):
    data = {"text": "1970'te doğdu.\n\nMühendis.", "consent": "on", **given}
    return client.post(f"/yetkili/iyem/yonetici/{head.manager_code}/ozgecmis/", data)


def approve(client, **given):
    curriculum = Curriculum.objects.get(status="submitted")
    url = f"/yetkili/iyem/ozgecmis/{curriculum.pk}/"
    return client.post(url, {"approve": "1", "note": "", **given})


def test_a_curriculum_is_published_after_the_review_while_in_office(
    ayse, deniz, officer, head, held
):
    public = f"/yonetici/{head.manager_code}/ozgecmis/"
    photo = SimpleUploadedFile("foto.jpg", picture(), content_type="image/jpeg")
    assert submit(ayse, head, photo=photo).status_code == 302
    assert deniz.get(public).status_code == 404
    assert "inceleme bekliyor" in ayse.get("/yetkili/iyem/").content.decode()
    assert approve(ayse).status_code == 302
    page = deniz.get(public).content.decode()
    assert "Mühendis." in page
    assert "Başkan" in page
    assert public in deniz.get(f"/yonetici/{head.manager_code}/").content.decode()
    shown = deniz.get(f"{public}foto/")
    assert shown["Content-Type"] == "image/jpeg"
    assert deniz.get(f"{public}pdf/").status_code == 404
    services.end_appointment(
        actor=officer, appointment=held, ends_at=moment("2026-11-24 11:00"), reason="Emeklilik"
    )
    assert deniz.get(public).status_code == 404
    assert deniz.get(f"{public}foto/").status_code == 404


def test_without_consent_it_is_not_published_and_consent_can_be_taken_back(ayse, deniz, head, held):
    public = f"/yonetici/{head.manager_code}/ozgecmis/"
    submit(ayse, head, consent="")
    approve(ayse)
    assert deniz.get(public).status_code == 404
    submit(ayse, head)
    approve(ayse)
    assert deniz.get(public).status_code == 200
    assert list(Curriculum.objects.values_list("status", flat=True)) == ["approved", "replaced"]
    published = Curriculum.objects.get(status="approved")
    ayse.post(f"/yetkili/iyem/ozgecmis/{published.pk}/riza/")
    assert deniz.get(public).status_code == 404


def test_a_returned_one_says_why_and_a_second_review_conflicts(ayse, officer, head, held):
    submit(ayse, head)
    assert approve(ayse, approve="0").status_code == 422
    assert approve(ayse, approve="0", note="Tarihler eksik").status_code == 302
    curriculum = Curriculum.objects.get()
    assert (curriculum.status, curriculum.review_note) == ("returned", "Tarihler eksik")
    with pytest.raises(Conflict):
        review_curriculum(actor=officer, curriculum=curriculum, approve=True)


def test_nobody_reviews_the_own_curriculum_and_others_officers_see_none(ayse, cem, officer, held):
    own = appoint(held.post.unit.parent, services.manager_of(officer), title="Bakan")
    submit(ayse, own.manager)
    curriculum = Curriculum.objects.get()
    with pytest.raises(NotAllowed):
        review_curriculum(actor=officer, curriculum=curriculum, approve=True)
    assert cem.get(f"/yetkili/iyem/ozgecmis/{curriculum.pk}/").status_code == 404
    assert submit(cem, held.manager).status_code == 403


def test_a_pdf_is_believed_for_its_content_only(ayse, head, held):
    fake = SimpleUploadedFile("cv.pdf", b"<html>", content_type="application/pdf")
    response = submit(ayse, head, text="", document=fake)
    assert response.status_code == 422
    assert "içeriği PDF değil" in response.content.decode()
    real = SimpleUploadedFile("cv.pdf", PDF, content_type="application/pdf")
    response = submit(ayse, head, text="", document=real)
    assert response.status_code == 302
    shown = ayse.get(f"{response.url}pdf/")
    assert (shown.content, shown["Content-Type"]) == (PDF, "application/pdf")
    assert submit(ayse, head, text="").status_code == 422


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_is_drawn_anew_without_what_else_was_in_it(kind):
    kept = clean_photo(io.BytesIO(picture(kind)))
    assert b"secret place" not in kept
    with Image.open(io.BytesIO(kept)) as opened:
        assert (opened.format, max(opened.size), dict(opened.getexif())) == ("JPEG", SIDE, {})


@pytest.mark.parametrize("content", [b"", b"GIF89a....", picture()[:200], b"<svg/>"])
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(ValidationError):
        clean_photo(io.BytesIO(content))
