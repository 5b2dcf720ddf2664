"""The code tables, kept by the central administrator."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from detsis import search
from detsis.models import Unit
from detsis.models.codes import CodeTable
from detsis.permissions import may_decide
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person
from kaysis.common import indexing
from kaysis.common.errors import NotAllowed, RuleViolation, friendly_integrity
from kaysis.common.pagecache import bump_data_version


@transaction.atomic
def save_code(
    *, actor: Person, model: type[CodeTable], code: str, reason: str, new: bool, **fields: Any
) -> CodeTable:
    """Add, rename or retire a row. Codes are never deleted: units of the past carry them.

    Units that are found by the name are found by the new one at once.
    Raises NotAllowed, RuleViolation on the field, or the row's DoesNotExist.
    """
    if not may_decide(actor):
        raise NotAllowed
    if not reason.strip():
        raise RuleViolation(_("Gerekçe yazılmalıdır."), field="reason")
    rows = model._default_manager.select_for_update()
    if new:
        if not code.isascii() or not (code.isdigit() or model._meta.model_name == "country"):
            raise RuleViolation(_("Kod rakamlardan oluşur."), field="code")
        if rows.filter(pk=code).exists():
            raise RuleViolation(_("Bu kod daha önce verilmiş."), field="code")
        row = model(**{model._meta.pk.name: code})
    else:
        row = rows.get(pk=code)
    known_as = row.name
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean(validate_unique=False)
    with because(reason, actor=actor), friendly_integrity(model):
        row.save(force_insert=new)
    fact = str(model._meta.model_name)
    if not new and row.name != known_as and fact in search.NAMED_CODES:
        carrying = Unit.objects.filter(**{fact: row.pk})
        indexing.reindex("unit", carrying.values_list("pk", flat=True))
    bump_data_version()
    return row
