"""Deputies of a head, and the first-level units under each (rule 14)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem.models import DeputyLink, Post, PostKind
from iyem.services.appointments import permit
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person
from kaysis.common.errors import Conflict, RuleViolation, friendly_integrity
from kaysis.common.locks import advisory_lock
from kaysis.common.pagecache import bump_data_version


@transaction.atomic
def open_deputy_post(*, actor: Person, unit: Unit) -> Post:
    """One more chair for a deputy of the unit's head, with the next ordinal."""
    permit(actor, unit)
    advisory_lock("iyem.posts", unit.pk)
    last = Post.objects.filter(unit=unit).aggregate(last=Max("ordinal"))["last"] or 0
    post = Post(unit=unit, kind=PostKind.DEPUTY, ordinal=last + 1)
    post.full_clean()
    post.save()
    return post


@transaction.atomic
def next_deputy_post(*, actor: Person, unit: Unit) -> Post:
    """The chair for one more deputy: the last one, while nobody was ever registered for it and no
    unit answers to it, else a new one. Asking twice opens one."""
    permit(actor, unit)
    advisory_lock("iyem.posts", unit.pk)
    last = Post.objects.filter(unit=unit, kind=PostKind.DEPUTY).order_by("-ordinal").first()
    if last is not None and not last.appointments.exists() and not last.links.exists():
        return last
    return open_deputy_post(actor=actor, unit=unit)


def link_to_deputy(
    *, actor: Person, unit: Unit, post: Post, starts_on: dt.date, reason: str = ""
) -> DeputyLink:
    """From `starts_on` on the unit answers to this deputy; a former link ends on that day.

    The unit hangs directly below the post's unit, or, for a governorship, stands under it as its
    civil authority. Raises `NotAllowed`, `RuleViolation` at post, unit or starts_on.
    """
    with friendly_integrity(DeputyLink), transaction.atomic():
        permit(actor, post.unit)
        if post.kind != PostKind.DEPUTY:
            raise RuleViolation(_("Birimler yalnız amir yardımcılarına bağlanır."), field="post")
        if post.unit_id not in (unit.parent_id, unit.civil_authority_id):
            raise RuleViolation(
                _("Yalnız doğrudan bağlı birimler amir yardımcısıyla ilişkilendirilir."),
                field="unit",
            )
        advisory_lock("iyem.deputy", unit.pk)
        with because(reason or str(_("Amir yardımcısı bağı")), actor=actor):
            _end_link(unit, starts_on)
            link = DeputyLink(unit=unit, post=post, validity=DateRange(starts_on, None))
            link.full_clean(validate_constraints=False)
            link.save()
        bump_data_version()
        return link


@transaction.atomic
def unlink_from_deputy(*, actor: Person, unit: Unit, ends_on: dt.date, reason: str = "") -> None:
    """From `ends_on` on the unit answers to its head alone."""
    link = DeputyLink.objects.filter(unit=unit, validity__upper_inf=True).first()
    if link is None:
        raise RuleViolation(_("Birim bir amir yardımcısına bağlı değil."), field="unit")
    permit(actor, link.post.unit)
    advisory_lock("iyem.deputy", unit.pk)
    with because(reason or str(_("Amir yardımcısı bağı")), actor=actor):
        if not _end_link(unit, ends_on):
            raise Conflict(_("Bağ bu sırada sona erdirilmiş."))
    bump_data_version()


def _end_link(unit: Unit, day: dt.date) -> bool:
    """False where the unit answers to nobody but the head."""
    link = (
        DeputyLink.objects.select_for_update().filter(unit=unit, validity__upper_inf=True).first()
    )
    if link is None:
        return False
    if link.validity.lower >= day:
        raise RuleViolation(
            _("Önceki bağ %(day)s tarihinde başlamış; yenisi sonra başlamalıdır.")
            % {"day": f"{link.validity.lower:%d.%m.%Y}"},
            field="starts_on",
        )
    link.validity = DateRange(link.validity.lower, day)
    link.save(update_fields=["validity"])
    return True
