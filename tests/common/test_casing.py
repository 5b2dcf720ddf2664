"""Capital letters of labels, in the language of the reader."""

import pytest
from django.template import Context, Template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kaysis.accounts.forms import ContactForm
from kaysis.common.casing import capital


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("tr", "iller", "İller"),
        ("tr", "ışık", "Işık"),
        ("tr", "çalışma", "Çalışma"),
        ("tr", "KEP adresleri", "KEP adresleri"),
        ("tr", "", ""),
        ("en", "items", "Items"),
        ("en", "organisation type", "Organisation type"),
    ],
)
def test_capital(language: str, text: str, expected: str) -> None:
    with override(language):
        assert capital(text) == expected


def test_labels_of_models_in_templates() -> None:
    with override("tr"):
        drawn = Template("{% load shell %}{{ label|capital }}").render(Context({"label": _("il")}))
    assert drawn == "İl"


def test_labels_of_forms_follow_the_reader() -> None:
    form = ContactForm()
    with override("tr"):
        assert str(form["work_phone"].label) == "İş telefonu"
    with override("en"):
        assert str(form["work_phone"].label) == "Work phone"
