"""The national id."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kaysis.common import national_id


def number_of(nine: list[int]) -> str:
    """With the check digits, by the published formula."""
    tenth = (7 * sum(nine[0::2]) - sum(nine[1::2])) % 10
    return "".join(map(str, [*nine, tenth, (sum(nine) + tenth) % 10]))


first_nine = st.tuples(st.integers(1, 9), *[st.integers(0, 9)] * 8).map(list)


@given(first_nine, st.integers(0, 10), st.integers(1, 9))
def test_check_digits(nine, place, change):
    number = number_of(nine)
    assert national_id.is_valid(number)
    wrong = list(number)
    wrong[place] = str((int(wrong[place]) + change) % 10)
    if place >= 9:
        assert not national_id.is_valid("".join(wrong))


@pytest.mark.parametrize(
    "number", ["", "1", "01234567890", "12345678901", "a2345678901", "٠١٢٣٤٥٦٧٨٩٠", " " * 11]
)
def test_refuses_without_repeating(number):
    with pytest.raises(ValidationError) as caught:
        national_id.validate_national_id(number)
    assert not number.strip() or number not in caught.value.messages[0]


def test_clean_takes_what_people_paste():
    number = number_of([1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert national_id.clean(f" {number[:3]} {number[3:]} ") == number
    with pytest.raises(ValidationError):
        national_id.clean("12345678901")


@given(first_nine)
def test_mask_hides_six_digits(nine):
    number = number_of(nine)
    masked = national_id.mask(number)
    assert masked == number[:3] + "******" + number[9:]
    assert national_id.mask("12 34") == "***********"
