"""Columns of tables."""

from django.utils.translation import override

from kaysis.common.tables import NumberColumn


def test_numbers_are_grouped_in_the_readers_language():
    with override("tr"):
        assert NumberColumn().render(1_234_567) == "1.234.567"
        assert NumberColumn().render(91.7) == "91,7"
    with override("en"):
        assert NumberColumn().render(1_234_567) == "1,234,567"
