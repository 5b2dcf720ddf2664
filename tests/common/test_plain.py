"""Text without invisible marks."""

import pytest
from django import forms

from kaysis.common.plain import PlainForm, is_plain


class Letter(PlainForm, forms.Form):
    title = forms.CharField()
    text = forms.CharField(widget=forms.Textarea)


@pytest.mark.parametrize("text", ["Müdür", "İğdır – “Şube”", "50 m²", "Ağrı’nın", "👩‍⚖️"])
def test_what_can_be_seen_is_plain(text):
    assert is_plain(text)


@pytest.mark.parametrize(
    "text", ["a\x07", "a\x00", "a\u202eb", "a\u200b", "\ufeffa", "a\x85b", "a\u2028b", "a\ud800"]
)
def test_what_cannot_be_seen_is_not(text):
    assert not is_plain(text)
    assert not is_plain(text, lines=True)


def test_lines_may_be_broken_where_there_are_several():
    assert is_plain("bir\r\niki\tüç", lines=True)
    assert not is_plain("bir\niki")
    form = Letter({"title": "bir\tiki", "text": "bir\niki"})
    assert set(form.errors) == {"title"}
    assert "Görünmeyen bir işaret" in form.errors["title"][0]
    form = Letter({"title": "bir iki", "text": "bir\x0biki"})
    assert set(form.errors) == {"text"}
