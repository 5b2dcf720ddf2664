"""The SQL functions of Turkish text as Django expressions."""

from django.db.models import Func, TextField


class _TextFunction(Func):
    arity = 1
    output_field = TextField()


class Lower(_TextFunction):
    """`turkish.lower` in a query."""

    function = "kaysis_lower"


class Upper(_TextFunction):
    """`turkish.upper` in a query."""

    function = "kaysis_upper"


class Fold(_TextFunction):
    """`turkish.fold` in a query, an index or a generated column."""

    function = "kaysis_fold"


class SortKey(_TextFunction):
    """`turkish.sort_key` in a query, an index or a generated column.

    The result carries the collation "C", under which its order is the Turkish one. A column that
    stores it needs `db_collation="C"` as well.
    """

    function = "kaysis_sort_key"
    template = '(%(function)s(%(expressions)s) COLLATE "C")'
