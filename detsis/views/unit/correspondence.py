"""`/kurum/<no>/antet/`: what a letter from the unit, or to it, carries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from detsis import asof
from detsis import letterhead as rules
from detsis.asof import Standing
from detsis.models import KepAddress
from detsis.views.addresses import unit_url
from detsis.views.days import asked_day, asked_number, day_query
from detsis.views.unit import card
from detsis.views.unit.missing import missing_unit
from detsis.views.unit.page import breadcrumbs
from kaysis.common.pagecache import cached_page


@require_safe
@cached_page(ttl=600)
def letterhead(request: HttpRequest, detsis_no: int) -> HttpResponseBase:
    """The unit's letterhead and address, and with `?muhatap=<no>` a letter to that unit."""
    day = asked_day(request)
    standing = asof.standing_of(detsis_no, day)
    if standing is None:
        return missing_unit(request, detsis_no, day)
    text = request.GET.get("muhatap", "").strip()[:20]
    number = asked_number(text)
    receiver = asof.standing_of(number, day) if number else None
    current = KepAddress.objects.at(day or timezone.localdate()).filter(unit_id=detsis_no)
    context: dict[str, Any] = {
        "unit": standing.unit,
        "day": day,
        "day_query": day_query(day),
        "page_url": unit_url(detsis_no, day),
        "correspondence": rules.correspondence_of(standing),
        "registered": bool(standing.unit.letterhead),
        "contact": [fact for fact in card.contact(standing.unit) if fact.value],
        "kep": list(current.values_list("address", flat=True)),
        "asked": text,
        "letter": _letter(standing, receiver) if receiver else None,
        "problem": _problem(text, receiver),
        "breadcrumbs": breadcrumbs(standing, (_("Antet ve muhatap"), None)),
    }
    return render(request, "detsis/letterhead.html", context)


def _letter(sender: Standing, receiver: Standing) -> dict[str, Any]:
    relation = rules.relation(sender, receiver)
    return {
        "receiver": receiver.unit,
        "addressee": rules.addressee(receiver, sender),
        "closing": rules.closing(sender, [receiver]).value,
        "because": rules.RELATION_TEXTS[relation],
        "to_itself": receiver.unit.detsis_no == sender.unit.detsis_no,
    }


def _problem(text: str, receiver: Standing | None) -> str:
    if not text or receiver is not None:
        return ""
    if asked_number(text) is None:
        return _("Muhatabın sekiz rakamlı Devlet Teşkilatı Numarasını yazın.")
    return _("%(no)s numarasıyla bu tarihte kayıtlı bir birim yok.") % {"no": text}
