"""QuerySets of KMS. Lists, details, the API and exports all begin at `visible_to`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from detsis.models import Unit
from kaysis.accounts.models import Role
from kaysis.accounts.permissions import ScopeSet, scopes_of


def editor_scopes(person: Any) -> ScopeSet:
    """The institutions whose legislation the person keeps; everywhere for the centre."""
    return scopes_of(person, Role.LEGISLATION_EDITOR, Role.CENTRAL_ADMINISTRATOR)


def visible_sql(user: Any) -> tuple[str, dict[str, Any]]:
    """`InstrumentQuerySet.visible_to` as a condition on `i`, for reads that are written in SQL."""
    if not getattr(user, "is_authenticated", False):
        return "i.published", {}
    from kms.models import Instrument  # noqa: PLC0415 — models are made with this module

    rows = Instrument.objects.visible_to(user).order_by().values("pk")
    sql, params = rows.query.sql_with_params()
    named = {f"visible_{n}": value for n, value in enumerate(params)}
    return f"i.id IN ({sql % tuple(f'%({name})s' for name in named)})", named


class InstrumentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> InstrumentQuerySet:
        """What is published; and to an editor also the drafts of the own scope."""
        if not getattr(user, "is_authenticated", False):
            return self.filter(published=True)
        scopes = editor_scopes(user)
        if scopes.everywhere:
            return self
        if not scopes:
            return self.filter(published=True)
        return self.filter(Q(published=True) | Q(issuer__in=Unit.objects.within(scopes.numbers)))

    def editable_by(self, user: Any) -> InstrumentQuerySet:
        """What the person may change."""
        scopes = editor_scopes(user)
        if scopes.everywhere:
            return self
        if not scopes:
            return self.none()
        return self.filter(issuer__in=Unit.objects.within(scopes.numbers))

    def ended_by(self, day: dt.date) -> InstrumentQuerySet:
        """No longer in force on `day`; a repeal that was undone by then does not count."""
        return self.filter(self.ended_condition(day))

    def in_force(self, day: dt.date | None = None) -> InstrumentQuerySet:
        """In force on `day`, with effect or without."""
        day = day or timezone.localdate()
        return self.exclude(self.ended_condition(day)).exclude(self.not_begun(day))

    @staticmethod
    def not_begun(day: dt.date) -> Q:
        """Not yet in force on `day`; what has no day at all has always been."""
        return (
            Q(effective_from__gt=day)
            | Q(effective_from__isnull=True, gazette_date__gt=day)
            | Q(effective_from__isnull=True, gazette_date__isnull=True, accepted_on__gt=day)
        )

    @staticmethod
    def ended_condition(day: dt.date) -> Q:
        from kms.models import Relation  # noqa: PLC0415 — models are made with this module

        lapsed = Q(lapsed_on__lte=day)
        if day == timezone.localdate():
            return lapsed | Q(ended=True, ended_on__isnull=True) | Q(ended=True, ended_on__lte=day)
        return lapsed | Q(Exists(Relation.objects.ending(OuterRef("pk"), day)))

    def with_status(self, status: str, day: dt.date | None = None) -> InstrumentQuerySet:
        """Those whose status on `day` (today) is `status`."""
        from kms.models import Status  # noqa: PLC0415 — models are made with this module

        day = day or timezone.localdate()
        without = Q(without_effect_from__lte=day)
        if status == Status.REPEALED:
            return self.ended_by(day)
        if status == Status.NOT_YET:
            return self.exclude(self.ended_condition(day)).filter(self.not_begun(day))
        if status == Status.WITHOUT_EFFECT:
            return self.in_force(day).filter(without)
        return self.in_force(day).exclude(without)


class ReferenceQuerySet(models.QuerySet):
    def open(self) -> ReferenceQuerySet:
        """What is cited and still not recorded."""
        return self.filter(resolved__isnull=True)


class TextVersionQuerySet(models.QuerySet):
    def published(self) -> TextVersionQuerySet:
        return self.filter(state="published")

    def readable(self) -> TextVersionQuerySet:
        """Published whole texts; companions with repealed provisions are texts of their own."""
        return self.published().exclude(kind="repealed_provisions")

    def light(self) -> TextVersionQuerySet:
        """Without the text itself."""
        return self.defer("text")


class RelationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> RelationQuerySet:
        """Relations whose recorded sides may be seen."""
        shown = self
        if not (getattr(user, "is_authenticated", False) and editor_scopes(user).everywhere):
            for side in ("source", "target"):
                shown = shown.filter(
                    Q(**{f"{side}__isnull": True}) | Q(**{f"{side}__published": True})
                )
        return shown

    def ending(self, target: Any, day: dt.date) -> RelationQuerySet:
        """Repeals of the whole `target` that hold on `day`."""
        return (
            self.filter(target=target, kind="repeals", whole=True)
            .annotate(_from=Coalesce("in_force_on", "date"))
            .filter(Q(_from__lte=day) | Q(_from__isnull=True))
            .filter(Q(undone_on__isnull=True) | Q(undone_on__gt=day))
        )
