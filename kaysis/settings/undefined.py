"""Undefined names in the project's own templates fail the test that draws them."""

import sys
from typing import Any

from kaysis.settings.base import BASE_DIR


class UndefinedInTemplate(Exception):
    """A template of the project printed a name that nobody gave it."""


class Undefined(str):
    """For TEMPLATES["OPTIONS"]["string_if_invalid"].

    Django asks whether `"%s" in` it and then formats it with the name that was not found; both
    happen in `FilterExpression.resolve`, whose frame knows the template. Templates of other
    packages (the admin, the API pages) print undefined names by design, and go on to.
    """

    __slots__ = ()
    own_templates = str(BASE_DIR / "templates")

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __bool__(self) -> bool:
        return True

    def __mod__(self, variable: Any) -> str:
        context = sys._getframe(1).f_locals["context"]
        template = context.render_context.template or context.template
        name = template.origin.name
        if name.startswith(self.own_templates):
            raise UndefinedInTemplate(f"{variable} is not defined in {name}")
        return ""
