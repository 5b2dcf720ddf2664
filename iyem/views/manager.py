"""`/yonetici/<code>/`: a manager's public page: name, code, what for and since when."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from detsis import selectors as detsis_selectors
from iyem import selectors
from iyem.models import AppointmentState, Manager
from kaysis.common.pagecache import cached_page, keep_until


@require_safe
@cached_page(ttl=300)
def manager(request: HttpRequest, manager_code: int) -> HttpResponseBase:
    found = Manager.objects.select_related("person").filter(manager_code=manager_code).first()
    if found is None:
        raise Http404
    now = timezone.now()
    career = selectors.career_of(found)
    if change := selectors.next_change(career, now):
        keep_until(change)
    paths = detsis_selectors.paths({state.unit_id for state in career})
    rows = [
        {"state": state, "path": paths.get(state.unit_id, [])[:-1], "now": runs(state, now)}
        for state in career
    ]
    context = {
        "manager": found,
        "current": [row for row in rows if row["now"]],
        "others": [row for row in rows if not row["now"]],
        "breadcrumbs": [(_("Yöneticiler"), None), (found.person.full_name, None)],
    }
    return render(request, "iyem/manager.html", context)


def runs(state: AppointmentState, now: dt.datetime) -> bool:
    """Whether the appointment is in force at `now`."""
    upper = state.validity.upper
    return bool(state.validity.lower <= now and (upper is None or now < upper))
