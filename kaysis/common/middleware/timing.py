"""How long a page took and where, in the browser's own tools: the Server-Timing header.

Development only: it tells strangers too much.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import DjangoTemplates, Template


@dataclass(slots=True)
class Spent:
    """Seconds so far in one request."""

    db: float = 0.0
    queries: int = 0
    template: float = 0.0
    depth: int = 0


_spent: ContextVar[Spent | None] = ContextVar("spent", default=None)


class ServerTiming:
    """Outermost but one: the total covers all other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        spent = Spent()
        token = _spent.set(spent)
        started = time.perf_counter()
        try:
            with ExitStack() as stack:
                for connection in connections.all():
                    stack.enter_context(connection.execute_wrapper(_count))
                response = self.get_response(request)
        finally:
            _spent.reset(token)
        total = time.perf_counter() - started
        response["Server-Timing"] = (
            f"total;dur={total * 1000:.1f}, "
            f'db;dur={spent.db * 1000:.1f};desc="{spent.queries} queries", '
            f"template;dur={spent.template * 1000:.1f}"
        )
        return response


def _count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    spent = _spent.get()
    if spent is None:
        return execute(sql, params, many, context)
    started = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        spent.db += time.perf_counter() - started
        spent.queries += 1


class TimedTemplate(Template):
    """Counts the outermost rendering only; forms render templates inside templates."""

    def render(self, context: Any = None, request: HttpRequest | None = None) -> Any:
        spent = _spent.get()
        if spent is None:
            return super().render(context, request)
        started = time.perf_counter()
        spent.depth += 1
        try:
            return super().render(context, request)
        finally:
            spent.depth -= 1
            if spent.depth == 0:
                spent.template += time.perf_counter() - started


class TimedTemplates(DjangoTemplates):
    """Django's template engine with a clock (TEMPLATES["BACKEND"] in development)."""

    def from_string(self, template_code: str) -> Template:
        return TimedTemplate(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        template = super().get_template(template_name)
        return TimedTemplate(template.template, self)
