"""Pages of a list: by key, which costs the same on every page, or by number.

A page by key continues after the last row the client has seen, so rows that come or go meanwhile
neither repeat nor hide others, and the thousandth page costs what the first one does.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import orjson
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import GeneratedField, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

LIMIT = 100
MAX_LIMIT = 1000

_LIMIT_HELP = gettext_lazy("Bir sayfadaki kayıt sayısı: en az 1, en çok 1000.")
_CURSOR_HELP = gettext_lazy("Bir önceki yanıtın `next` ya da `previous` adresinde gelen değer.")


def read_limit(request: Request) -> int:
    """`?limit=`, at most `MAX_LIMIT`. Raises ValidationError."""
    text = request.query_params.get("limit", "")
    if not text:
        return LIMIT
    if not (text.isascii() and text.isdigit() and int(text[:9])):
        raise ValidationError({"limit": [_("1 ile 1000 arasında bir sayı girin.")]})
    return min(int(text[:9]), MAX_LIMIT)


class KeysetPagination(BasePagination):
    """`results`, `next`, `previous`; parameters `limit` and `cursor`.

    Rows come in the order of the view's `keyset_ordering` (names of fields or annotations, "-" for
    descending, none of them NULL, the last one unique; default the primary key), or of its
    `get_keyset_ordering()`. The cursor is opaque to clients and unsigned: it can only point into a
    list that the client may see anyway.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self._url = request.build_absolute_uri()
        limit = read_limit(request)
        ordering = self._ordering(view)
        backwards, position = self._read(request.query_params.get("cursor", ""), queryset, ordering)
        if position:
            queryset = queryset.filter(_beyond(ordering, position, backwards=backwards))
        rows = list(
            queryset.order_by(*(_reverse(ordering) if backwards else ordering))[: limit + 1]
        )
        more = len(rows) > limit
        rows = rows[:limit]
        if backwards:
            rows.reverse()
        ahead, behind = (bool(position), more) if backwards else (more, bool(position))
        self._next = self._link(rows, ordering, -1, "n") if ahead and rows else None
        self._previous = self._link(rows, ordering, 0, "p") if behind and rows else None
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self._next, "previous": self._previous})

    def _ordering(self, view: Any) -> tuple[str, ...]:
        if hasattr(view, "get_keyset_ordering"):
            return tuple(view.get_keyset_ordering())
        return tuple(getattr(view, "keyset_ordering", ("pk",)))

    def _link(self, rows: list[Any], ordering: tuple[str, ...], place: int, way: str) -> str:
        values = [_value(rows[place], name.lstrip("-")) for name in ordering]
        packed = orjson.dumps([way, *values], default=str)
        cursor = base64.urlsafe_b64encode(packed).decode().rstrip("=")
        return replace_query_param(self._url, "cursor", cursor)

    def _read(
        self, cursor: str, queryset: QuerySet, ordering: tuple[str, ...]
    ) -> tuple[bool, list[Any]]:
        """(whether to go backwards, the values of the row to continue from)"""
        if not cursor:
            return False, []
        try:
            packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
            way, *values = orjson.loads(packed)
            if way not in ("n", "p") or len(values) != len(ordering):
                raise ValueError(cursor)
            return way == "p", [
                _to_python(queryset, name.lstrip("-"), value)
                for name, value in zip(ordering, values, strict=True)
            ]
        except (ValueError, TypeError, binascii.Error, DjangoValidationError):
            message = _("İmleç geçerli değil; bir yanıtın `next` adresinden alın.")
            raise ValidationError({"cursor": [message]}) from None

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter("cursor", _CURSOR_HELP, {"type": "string"}),
            _parameter("limit", _LIMIT_HELP, _LIMIT_SCHEMA),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return _page_schema(schema)


class PageNumber(PageNumberPagination):
    """`results`, `next`, `previous`, `count`; parameters `page` and `limit`.

    For short lists only: counting and skipping rows costs more the longer the list is.
    """

    def get_page_size(self, request: Request) -> int:
        return read_limit(request)

    def get_paginated_response(self, data: Any) -> Response:
        assert self.page is not None
        return Response(
            {
                "results": data,
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "count": self.page.paginator.count,
            }
        )

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        help_text = gettext_lazy("Sayfa numarası, 1'den başlar.")
        return [
            _parameter("page", help_text, {"type": "integer", "minimum": 1}),
            _parameter("limit", _LIMIT_HELP, _LIMIT_SCHEMA),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = _page_schema(schema)
        page["properties"]["count"] = {"type": "integer"}
        page["required"].append("count")
        return page


def _reverse(ordering: tuple[str, ...]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in ordering]


def _beyond(ordering: tuple[str, ...], position: list[Any], *, backwards: bool) -> Q:
    """Rows strictly after `position`, or before it.

    `(a, b) > (x, y)` written as `a >= x AND (a > x OR b > y)`, so that an index on the first field
    finds the place whatever the directions of the others are.
    """
    name, value = ordering[0], position[0]
    descending = name.startswith("-")
    name = name.lstrip("-")
    comparison = "lt" if descending != backwards else "gt"
    strictly = Q(**{f"{name}__{comparison}": value})
    if len(ordering) == 1:
        return strictly
    rest = _beyond(ordering[1:], position[1:], backwards=backwards)
    return Q(**{f"{name}__{comparison}e": value}) & (strictly | rest)


def _value(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = row[step] if isinstance(row, Mapping) else getattr(row, step)
    return row


def _to_python(queryset: QuerySet, path: str, value: Any) -> Any:
    """The value of a cursor as its field or annotation has it, or ValueError, ValidationError."""
    if value is None or isinstance(value, list | dict) or "\0" in str(value):
        raise ValueError(value)
    field = _field(queryset, path)
    found = field.to_python(value)
    field.run_validators(found)
    return found


def _field(queryset: QuerySet, path: str) -> Any:
    if path in queryset.query.annotations:
        return queryset.query.annotations[path].output_field
    options: Any = queryset.model._meta
    field: Any = None
    for step in path.split("__"):
        field = options.pk if step == "pk" else options.get_field(step)
        options = field.related_model._meta if field.related_model else options
    return field.output_field if isinstance(field, GeneratedField) else field


_LIMIT_SCHEMA = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": LIMIT}


def _parameter(name: str, description: Any, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": str(description),
        "schema": schema,
    }


def _page_schema(schema: dict[str, Any]) -> dict[str, Any]:
    link = {"type": "string", "format": "uri", "nullable": True}
    return {
        "type": "object",
        "required": ["results", "next", "previous"],
        "properties": {"results": schema, "next": dict(link), "previous": dict(link)},
    }
