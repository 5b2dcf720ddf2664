"""QuerySets of DETSİS. Lists, details, the API and exports all begin at `visible_to`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils import timezone
from mptt.managers import TreeManager
from mptt.querysets import TreeQuerySet

from kaysis.accounts.models import Person, Role
from kaysis.accounts.permissions import is_central_administrator, scopes_of

if TYPE_CHECKING:
    from detsis.models import Unit

# The chain from a unit up to its root, found by parent: constant in the size of the tree.
CHAIN_SQL = """
    WITH RECURSIVE chain(detsis_no, parent_id) AS (
        SELECT detsis_no, parent_id FROM detsis_unit WHERE detsis_no = %s
        UNION ALL
        SELECT u.detsis_no, u.parent_id FROM detsis_unit u JOIN chain c ON u.detsis_no = c.parent_id
    ) SELECT detsis_no FROM chain
"""


def central_first() -> models.Case:
    """Sorts central units before all others. The index of children is built on this expression."""
    central = models.When(organisation_type="central", then=models.Value(0))
    return models.Case(central, default=models.Value(1))


def visible_sql(user: Any) -> str:
    """`UnitQuerySet.visible_to` as a condition on `u`, for reads that are written in SQL."""
    return "u.valid_from IS NOT NULL"


class UnitQuerySet(TreeQuerySet):
    def visible_to(self, user: Any) -> UnitQuerySet:
        """Units a person may see: the register is public, but not what never came into being.

        A unit whose founding was withdrawn before its day keeps its number and no page.
        """
        return self.filter(valid_from__isnull=False)

    def hidden_from(self, user: Any) -> UnitQuerySet:
        """The rest. There are few of them: rows about units are quicker found by leaving out what
        is about these than by looking each unit up."""
        return self.filter(valid_from__isnull=True)

    def active(self) -> UnitQuerySet:
        return self.filter(active=True)

    def founded(self) -> UnitQuerySet:
        """Without those whose founding is recorded for a day to come."""
        return self.filter(valid_from__lte=timezone.localdate())

    def below(self, unit: Unit) -> UnitQuerySet:
        """Descendants of `unit`, without itself."""
        return self.filter(tree_id=1, lft__gt=unit.lft, lft__lt=unit.rght)

    def at_or_below(self, unit: Unit) -> UnitQuerySet:
        return self.filter(tree_id=1, lft__gte=unit.lft, lft__lt=unit.rght)

    def within(self, scopes: Collection[int]) -> UnitQuerySet:
        """Those at or below any of the units `scopes`."""
        above = self.model._default_manager.filter(
            pk__in=scopes, lft__lte=models.OuterRef("lft"), rght__gte=models.OuterRef("rght")
        )
        return self.filter(models.Exists(above))

    def chain_of(self, detsis_no: int) -> UnitQuerySet:
        """The unit and its ancestors, root first."""
        return self.filter(pk__in=RawSQL(CHAIN_SQL, [detsis_no])).order_by("level")

    def with_codes(self) -> UnitQuerySet:
        """With the code rows a list or a card shows."""
        return self.select_related(
            "category",
            "status",
            "budget_type",
            "legal_personality",
            "province",
            "district",
            "country",
        )


class UnitManager(TreeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """django-mptt's manager without its default ordering and without its writers."""

    def get_queryset(self) -> UnitQuerySet:
        return UnitQuerySet(self.model, using=self._db)

    def _tree_is_kept_elsewhere(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("The tree is written by detsis.services only, under its lock.")

    insert_node = move_node = rebuild = partial_rebuild = _tree_is_kept_elsewhere


class UnitVersionQuerySet(models.QuerySet):
    def at(self, day: dt.date) -> UnitVersionQuerySet:
        """The versions in force on `day`."""
        return self.filter(validity__contains=day)

    def active(self) -> UnitVersionQuerySet:
        return self.filter(active=True)


class ChangeSetQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> ChangeSetQuerySet:
        """The centre sees all; an officer the own ones, and those of institutions in scope.

        An institution is in scope when it is the scope's unit or stands below it.
        """
        person = user if isinstance(user, Person) else None
        if person is None:
            return self.none()
        if is_central_administrator(person):
            return self.all()
        scopes = scopes_of(person, Role.DETSIS_OFFICER)
        if scopes.everywhere:
            return self.all()
        units: Any = self.model._meta.get_field("institution").related_model
        above = units._default_manager.filter(
            pk__in=scopes.numbers,
            lft__lte=models.OuterRef("institution__lft"),
            rght__gte=models.OuterRef("institution__rght"),
        )
        return self.filter(models.Q(created_by=person) | models.Exists(above))


class KepAddressQuerySet(models.QuerySet):
    def at(self, day: dt.date) -> KepAddressQuerySet:
        return self.filter(validity__contains=day)
