"""What these pages share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from detsis.selectors import Crumb, paths
from iyem import selectors
from iyem.models import PostKind
from kaysis.common.errors import KaysisError, NotAllowed, add_to_form

AREA = _("İYEM")
OFFICERS = _("İYEM yetkilileri")
APPLICATIONS = _("Yetki başvuruları")
CAMPAIGNS = _("İlk kayıt kampanyaları")
COVERAGE = _("Kapsama panosu")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attempt(form: BaseForm, action: Callable[[], Any]) -> bool:
    """Do it; False, and the refusal on the form, where it cannot be done. 403 where it may not."""
    try:
        action()
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except (KaysisError, ValidationError) as error:
        add_to_form(form, error)
        return False
    return True


def say(request: HttpRequest, error: KaysisError | ValidationError) -> None:
    """The refusal as a message on the next page."""
    text = str(error) if isinstance(error, KaysisError) else " ".join(error.messages)
    messages.error(request, text)


def download(content: bytes, name: str) -> HttpResponse:
    """A workbook to save."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.xlsx"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)


def above(numbers: Collection[int]) -> dict[int, list[Crumb]]:
    """Unit → the path above it: names repeat. One query."""
    return {number: crumbs[:-1] for number, crumbs in paths(numbers).items()}


def dress(units: Sequence[Any], *, others: Collection[int], came_from: str) -> None:
    """Gives each unit of a list `path` (where it hangs), `own` (False for `others`, whose managers
    the reader does not register) and `register_url`: the desk's form with the unit filled in, and
    the way back to `came_from`; `done` where somebody is in office by now, which the figures, up to
    ten minutes old, do not know yet. Two queries."""
    trails = above([unit.pk for unit in units])
    start = reverse("iyem:register")
    held = selectors.states_now().filter(
        unit__in=[unit.pk for unit in units], post__kind=PostKind.HEAD
    )
    done = set(held.values_list("unit", flat=True))
    for unit in units:
        unit.path = trails.get(unit.pk, [])
        unit.own = unit.pk not in others
        unit.done = unit.pk in done
        unit.register_url = f"{start}?{urlencode({'birim': unit.pk, 'donus': came_from})}"
