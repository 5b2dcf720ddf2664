"""DETSİS as a whole, driven at random, against plain models kept beside it.

One state machine records every kind of change on past, present and future days, voids some, and
lets the calendar go on. After each step the tree must be perfect; in the end every figure, path
and version must equal what a slow, simple reading of the change feed says.
"""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from detsis import counts, selectors, services, tree
from detsis.models import Unit, UnitChange, UnitVersion
from kaysis.common.errors import KaysisError

DAY0 = dt.date(2024, 1, 1)
TODAY = dt.date(2024, 2, 1)
offsets = st.integers(-20, 25)
names = st.sampled_from(["Alfa", "Beta", "Çınar", "Iğdır", "İzmir"])
types = st.sampled_from(["central", "provincial", "abroad"])
pick = st.integers(0, 10_000)


class Registry:
    """What a client knows who has only read the feed (the rule of docs/api.md, written anew)."""

    def __init__(self) -> None:
        rows = list(UnitChange.objects.order_by("id"))
        voided = {row.voids_id for row in rows}
        self.steps: dict[int, list[tuple[dt.date, int, dict[str, Any]]]] = defaultdict(list)
        for row in rows:
            if row.voids_id is None and row.pk not in voided:
                self.steps[row.unit_id].append((row.effective_on, row.pk, row.assignments))

    def state(self, number: int, day: dt.date) -> dict[str, Any] | None:
        said = [given for when, _, given in sorted(self.steps[number]) if when <= day]
        state: dict[str, Any] = {"organisation_type": "central", "active": True}
        for given in said:
            state.update(given)
        return state if said else None

    def path(self, number: int, day: dt.date) -> list[int]:
        path = []
        current: int | None = number
        while current is not None:
            path.append(current)
            state = self.state(current, day)
            assert state is not None
            current = state.get("parent")
        return path[::-1]

    def counts(self, day: dt.date) -> dict[int, Counter[str]]:
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for number in self.steps:
            state = self.state(number, day)
            if state and state["active"]:
                for above in self.path(number, day):
                    found[above][f"units.{state['organisation_type']}"] += 1
        return found


class Detsis(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.today = TODAY
        self.numbers: list[int] = []
        self.next = 50_000_000

    def teardown(self) -> None:
        try:
            self.compare()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def any(self, choice: int) -> int | None:
        return self.numbers[choice % len(self.numbers)] if self.numbers else None

    def try_to(self, **wanted: Any) -> bool:
        """Record; a refusal must leave nothing behind, which the comparison at the end shows."""
        try:
            services.record_changes([services.Wanted(**wanted)], actor=None, today=self.today)
        except KaysisError:
            return False
        return True

    @rule(choice=pick, name=names, kind=types, offset=offsets, root=st.booleans())
    def found(self, choice, name, kind, offset, root):
        self.next += 1
        parent = None if root else self.any(choice)
        if self.try_to(
            kind="founded",
            unit=self.next,
            effective_on=self.today + dt.timedelta(days=offset),
            assignments={"name": name, "parent": parent, "organisation_type": kind},
        ):
            self.numbers.append(self.next)

    @rule(choice=pick, onto=pick, offset=offsets)
    def move(self, choice, onto, offset):
        if self.numbers:
            self.try_to(
                kind="moved",
                unit=self.any(choice),
                effective_on=self.today + dt.timedelta(days=offset),
                assignments={"parent": self.any(onto)},
            )

    @rule(choice=pick, name=names, offset=offsets)
    def rename(self, choice, name, offset):
        if self.numbers:
            self.try_to(
                kind="renamed",
                unit=self.any(choice),
                effective_on=self.today + dt.timedelta(days=offset),
                assignments={"name": name},
            )

    @rule(choice=pick, offset=offsets, kind=types)
    def change_type(self, choice, offset, kind):
        if self.numbers:
            self.try_to(
                kind="amended",
                unit=self.any(choice),
                effective_on=self.today + dt.timedelta(days=offset),
                assignments={"organisation_type": kind},
            )

    @rule(choice=pick, offset=offsets, opens=st.booleans())
    def close_or_reopen(self, choice, offset, opens):
        if self.numbers:
            self.try_to(
                kind="reopened" if opens else "closed",
                unit=self.any(choice),
                effective_on=self.today + dt.timedelta(days=offset),
                assignments={"active": opens},
            )

    @rule(choice=pick, onto=pick, offset=offsets)
    def merge(self, choice, onto, offset):
        if self.numbers and self.any(choice) != self.any(onto):
            self.try_to(
                kind="merged",
                unit=self.any(choice),
                effective_on=self.today + dt.timedelta(days=offset),
                assignments={"active": False},
                successors=[self.any(onto)],
            )

    @rule(choice=pick)
    def void(self, choice):
        rows = list(UnitChange.objects.exclude(kind="voided").order_by("id"))
        if rows:
            change = rows[choice % len(rows)]
            self.try_to(
                kind="voided",
                unit=change.unit_id,
                effective_on=change.effective_on,
                voids=change.pk,
                reason="yanlış",
            )

    @rule(days=st.integers(1, 12))
    def days_go_by(self, days):
        self.today += dt.timedelta(days=days)
        services.put_into_force(today=self.today)

    @invariant()
    def the_tree_is_perfect(self):
        assert tree.check() == []

    def compare(self) -> None:
        registry = Registry()
        for day in (self.today, TODAY - dt.timedelta(days=10), self.today + dt.timedelta(days=9)):
            expected = registry.counts(day)
            found = counts.of_many(self.numbers, day)
            for number in self.numbers:
                assert found.get(number, {}) == dict(expected[number]), (number, day)
                state = registry.state(number, day)
                version = UnitVersion.objects.at(day).filter(unit=number).first()
                assert (version is None) == (state is None)
                if state and version:
                    assert version.name == state["name"]
                    assert version.parent_id == state.get("parent")
                    assert version.active == state["active"]
                    walked = [crumb.detsis_no for crumb in selectors.path(number, day)]
                    assert walked == registry.path(number, day)
        for unit in Unit.objects.filter(pk__in=self.numbers):
            state = registry.state(unit.pk, self.today)
            assert unit.active == bool(state and state["active"])
            if state:
                assert (unit.name, unit.parent_id) == (state["name"], state.get("parent"))
                below = {
                    other
                    for other in self.numbers
                    if registry.state(other, self.today)
                    and unit.pk in registry.path(other, self.today)[:-1]
                }
                stored = Unit.objects.below(unit).filter(valid_from__lte=self.today)
                assert set(stored.values_list("pk", flat=True)) == below


@pytest.mark.django_db
def test_random_changes_keep_tree_counts_and_versions_right():
    run_state_machine_as_test(
        Detsis,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            # Making a failing history of database writes shorter takes longer than reading it.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
