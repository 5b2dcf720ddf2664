"""`/yonetici/<code>/ozgecmis/`: a manager's curriculum, while in office and with consent."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from detsis import selectors as detsis_selectors
from iyem import selectors
from iyem.models import Curriculum, Manager
from iyem.officer.views.curricula import file_response
from iyem.services.curricula import published_curriculum


def _published(manager_code: int) -> tuple[Manager, Curriculum]:
    manager = Manager.objects.select_related("person").filter(manager_code=manager_code).first()
    found = published_curriculum(manager) if manager else None
    if manager is None or found is None:
        raise Http404
    return manager, found


@require_safe
def curriculum(request: HttpRequest, manager_code: int) -> HttpResponseBase:
    """Not kept by the page cache: it ends with the term or the consent, at that minute."""
    manager, found = _published(manager_code)
    present = list(selectors.states_now().filter(manager=manager).exclude(slot="delegate"))
    paths = detsis_selectors.paths({state.unit_id for state in present})
    context = {
        "manager": manager,
        "curriculum": found,
        "rows": [
            {"state": state, "path": paths.get(state.unit_id, [])[:-1], "now": True}
            for state in present
        ],
        "breadcrumbs": [
            (_("Yöneticiler"), None),
            (manager.person.full_name, manager.get_absolute_url()),
            (_("Özgeçmiş"), None),
        ],
    }
    return render(request, "iyem/curriculum.html", context)


@require_safe
def curriculum_file(request: HttpRequest, manager_code: int, part: str) -> HttpResponseBase:
    """The published PDF or photo."""
    _manager, found = _published(manager_code)
    return file_response(found, part)
