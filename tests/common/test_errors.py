"""Errors on their way to a form."""

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, transaction

from kaysis.common.errors import (
    Conflict,
    KaysisError,
    NotAllowed,
    NotFound,
    RuleViolation,
    add_to_form,
    as_validation_error,
    declare_constraint,
    friendly_integrity,
)
from kaysis.common.validity import day_range
from tests.common.models import Post, Thing


def _day(number: int) -> dt.date:
    return dt.date(2026, 1, number)


class ThingForm(forms.Form):
    name = forms.CharField(required=False)


def bound() -> ThingForm:
    form = ThingForm({"name": "x"})
    assert form.is_valid()
    return form


def test_each_error_has_a_status_and_words():
    errors = [RuleViolation(), NotAllowed(), NotFound(), Conflict()]
    assert [error.status for error in errors] == [422, 403, 404, 409]
    assert all(str(error) for error in errors)
    assert isinstance(RuleViolation("x"), KaysisError)
    assert str(RuleViolation("Olmaz.", "name", code="no")) == "Olmaz."


def test_as_validation_error():
    error = as_validation_error(RuleViolation("Olmaz.", "name", code="no"))
    assert error.message_dict == {"name": ["Olmaz."]}
    assert error.error_dict["name"][0].code == "no"
    assert as_validation_error(Conflict("Geç kaldınız.")).messages == ["Geç kaldınız."]
    already = ValidationError("x")
    assert as_validation_error(already) is already


def test_add_to_form_finds_the_field_or_the_top():
    form = bound()
    add_to_form(form, RuleViolation("Ad olmaz.", "name"))
    add_to_form(form, RuleViolation("Boy olmaz.", "size"))
    add_to_form(form, ValidationError({"name": ["Bir daha."], NON_FIELD_ERRORS: ["Hep."]}))
    add_to_form(form, ValidationError(["Bir.", "İki."]))
    assert form.errors["name"] == ["Ad olmaz.", "Bir daha."]
    assert form.non_field_errors() == ["Boy olmaz.", "Hep.", "Bir.", "İki."]


def refused(save, *models):
    with (
        pytest.raises(ValidationError) as caught,
        friendly_integrity(*models),
        transaction.atomic(),
    ):
        save()
    return caught.value.message_dict


@pytest.mark.django_db
@pytest.mark.usefixtures("tables")
class TestIntegrity:
    def test_a_check_of_one_field_speaks_at_it(self):
        found = refused(lambda: Thing.objects.create(size=-1), Thing)
        assert found == {"size": ["Boy eksi olamaz."]}

    def test_a_check_of_two_fields_speaks_above_the_form(self):
        found = refused(lambda: Thing.objects.create(number=1, size=1), Thing)
        assert found == {NON_FIELD_ERRORS: ["Numara boydan büyük olmalıdır."]}

    def test_conditional_uniqueness(self):
        parent = Thing.objects.create()
        Thing.objects.create(parent=parent, name="a")
        found = refused(lambda: Thing.objects.create(parent=parent, name="a"), Thing)
        assert found == {NON_FIELD_ERRORS: ["Bu ad kullanılmış."]}

    def test_exclusion(self):
        Post.objects.create(room=1, validity=day_range(_day(1)))
        found = refused(
            lambda: Post.objects.create(room=1, validity=day_range(_day(2))), Thing, Post
        )
        assert found == {NON_FIELD_ERRORS: ["Bu tarihler arasında geçerli başka bir kayıt var."]}

    def test_a_unique_field_without_its_value(self):
        Thing.objects.create(number=12345678901)
        found = refused(lambda: Thing.objects.create(number=12345678901), Thing)
        assert list(found) == ["number"]
        assert "12345678901" not in str(found)

    def test_null_and_dangling(self):
        assert list(refused(lambda: Thing.objects.create(size=None), Thing)) == ["size"]

        def dangle():
            Thing.objects.create(parent_id=999_999)
            connection.check_constraints()

        assert list(refused(dangle, Thing)) == ["parent"]

    def test_a_trigger_speaks_through_a_declared_constraint(self):
        declare_constraint("thing_trigger", "Tetik izin vermiyor.", "name")

        def trigger():
            with connection.cursor() as cursor:
                cursor.execute(
                    "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation',"
                    " CONSTRAINT = 'thing_trigger'; END $$"
                )

        assert refused(trigger, Thing) == {"name": ["Tetik izin vermiyor."]}

    def test_what_is_not_understood_is_not_hidden(self):
        with pytest.raises(IntegrityError), friendly_integrity(Post), transaction.atomic():
            Thing.objects.create(size=-1)
