"""One template for every field: labels, hints and errors are joined to their inputs."""

import re

from django import forms
from django.template import engines

from kaysis.common.views.styleguide import ExampleForm
from kaysis.common.widgets import DateInput


def draw(form: forms.BaseForm) -> str:
    return engines["django"].from_string("{{ form }}").render({"form": form})


def summary(form: forms.BaseForm) -> str:
    template = engines["django"].get_template("common/error_summary.html")
    return template.render({"form": form})


def test_every_input_has_a_label_and_every_label_an_input() -> None:
    html = draw(ExampleForm({}))
    labels = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    ids = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', html))
    assert labels == ids


def test_described_by_points_at_what_exists() -> None:
    html = draw(ExampleForm({}))
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    pointers = {
        p for found in re.findall(r'aria-describedby="([^"]+)"', html) for p in found.split()
    }
    assert {"id_name_helptext", "id_name_error", "id_status_error", "id_sure_error"} <= pointers
    assert pointers <= ids


def test_widgets_get_their_look_without_the_form_knowing() -> None:
    class Form(forms.Form):
        text = forms.CharField(widget=forms.TextInput(attrs={"class": "own"}))
        choice = forms.ChoiceField(choices=[("a", "A")])
        day = forms.DateField(widget=DateInput, initial="2026-11-24")
        yes = forms.BooleanField()

    html = draw(Form())
    assert 'class="own form-control"' in html
    assert re.search(r'<select[^>]*class="form-select"', html)
    assert re.search(r'type="checkbox"[^>]*class="form-check-input"', html)
    assert re.search(r'type="date"[^>]*value="2026-11-24"', html)


def test_optional_fields_say_so() -> None:
    html = draw(ExampleForm())
    assert html.count("(isteğe bağlı)") == 3


def test_summary_links_to_the_first_control_of_each_wrong_field() -> None:
    form = ExampleForm({"since": "dün"})
    html = summary(form)
    for target in ("id_name", "id_kind", "id_since", "id_status_0", "id_sure"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in draw(form)
    assert 'role="alert"' in html


def test_summary_is_silent_without_errors_and_tells_of_formsets() -> None:
    assert not summary(ExampleForm()).strip()
    formset = forms.formset_factory(ExampleForm, min_num=1, validate_min=True, extra=0)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    html = summary(formset(data))
    assert "id_form-0-name" in html


def test_hostile_values_are_escaped() -> None:
    html = draw(ExampleForm({"name": '"><script>alert(1)</script>'}))
    assert "<script>" not in html
