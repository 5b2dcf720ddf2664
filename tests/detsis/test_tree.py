"""The bounds of the tree: exact under any order of work and any number of writers."""

import datetime as dt
import random

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detsis import counts, numbering, services, tree
from detsis.models import Unit
from kaysis.common.errors import KaysisError
from kaysis.common.locks import LockOutsideTransaction
from tests.factories.detsis import LONG_AGO, chain, forest, unit
from tests.processes import in_processes

TODAY = dt.date(2026, 11, 24)


def below(number: int) -> set[int]:
    return set(Unit.objects.below(Unit.objects.get(pk=number)).values_list("pk", flat=True))


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    parents=st.lists(st.integers(0, 10_000), min_size=1, max_size=40),
    moves=st.lists(st.tuples(st.integers(0, 10_000), st.integers(-1, 10_000)), max_size=20),
)
def test_bounds_agree_with_an_adjacency_list(parents, moves):
    """Inserts and moves straight on the bounds; a tiny gap makes room run out all the time."""
    with transaction.atomic():
        model: dict[int, int | None] = {}
        for index, choice in enumerate(parents):
            number = 60_000_000 + index
            parent = None if index == 0 or choice % 7 == 0 else 60_000_000 + choice % index
            place = tree.place_leaf(parent)
            Unit.objects.create(
                detsis_no=number,
                name="x",
                parent_id=parent,
                lft=place.lft,
                rght=place.rght,
                level=place.level,
            )
            model[number] = parent
        for who, where in moves:
            number = 60_000_000 + who % len(model)
            target = None if where < 0 else 60_000_000 + where % len(model)
            if target is not None and target in {number} | subtree(model, number):
                continue
            tree.move(number, target)
            model[number] = target
        assert tree.check() == []
        for number in model:
            assert below(number) == subtree(model, number)
        numbering.renumber()
        assert tree.check() == []
        for number in model:
            assert below(number) == subtree(model, number)
        transaction.set_rollback(True)


def subtree(model: dict[int, int | None], number: int) -> set[int]:
    found: set[int] = set()
    fresh = {number}
    while fresh:
        fresh = {child for child, parent in model.items() if parent in fresh}
        found |= fresh
    return found


@pytest.mark.django_db
def test_thousands_below_one_parent_leave_the_rest_where_it_is():
    root, _office, neighbour = forest([None, 0, 0])
    before = Unit.objects.filter(pk=neighbour).values_list("lft", "rght").get()
    numbers = forest([None] + [0] * 1500, first=41_000_000)
    assert tree.check() == []
    assert len(below(numbers[0])) == 1500
    assert Unit.objects.filter(pk=neighbour).values_list("lft", "rght").get() == before
    assert below(root) == {40_000_001, neighbour}


@pytest.mark.django_db
def test_the_usual_insert_touches_no_other_unit():
    deep = chain("1", "2", "3")[-1]
    before = dict(Unit.objects.values_list("pk", "lft"))
    unit("4", deep.pk)
    assert {pk: lft for pk, lft in Unit.objects.values_list("pk", "lft") if pk in before} == before


def bounds() -> dict[int, tuple[int, int]]:
    return {u.pk: (u.lft, u.rght) for u in Unit.objects.all()}


def moved_units(before: dict[int, tuple[int, int]]) -> set[int]:
    return {number for number, at in bounds().items() if at != before[number]}


def squeeze(number: int, width: int) -> None:
    """Let the unit, which has no children, take at most `width` numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE detsis_unit SET rght = least(rght, lft + %s - 1) WHERE detsis_no = %s",
            [width, number],
        )


@pytest.mark.django_db
def test_a_branch_that_comes_below_a_small_full_unit_leaves_the_rest_where_it_is():
    """0 ─ 1 ─ 3 … 32, and 2 without numbers of its own."""
    numbers = forest([None, 0, 0] + [1] * 30)
    numbering.renumber()
    squeeze(numbers[2], 2)
    before = bounds()
    with transaction.atomic():
        tree.move(numbers[1], numbers[2])
    assert tree.check() == []
    assert moved_units(before) == set(numbers[1:])
    # A second time there is room where it stands.
    before = bounds()
    with transaction.atomic():
        tree.move(numbers[3], numbers[2])
    assert tree.check() == []
    assert moved_units(before) == {numbers[3]}


@pytest.mark.django_db
def test_a_wide_branch_is_set_down_more_closely_where_that_is_enough():
    numbers = forest([None, 0, 0] + [1] * 3)
    numbering.renumber()
    squeeze(numbers[2], 600)
    assert tree.bounds_of(numbers[1]).width > 600
    before = bounds()
    with transaction.atomic():
        tree.move(numbers[1], numbers[2])
    assert tree.check() == []
    assert moved_units(before) == {numbers[1], *numbers[3:]}


@pytest.mark.django_db
def test_a_full_root_goes_to_the_end_of_the_line():
    numbers = forest([None, None, 1, 1])
    squeeze(numbers[0], 2)
    before = bounds()
    with transaction.atomic():
        tree.move(numbers[1], numbers[0])
    assert tree.check() == []
    assert moved_units(before) == set(numbers)
    assert tree.bounds_of(numbers[0]).width > 2**31


@pytest.mark.django_db
def test_units_with_children_keep_a_reserve_when_they_are_spaced():
    numbers = forest([None, 0, 1, 1, 1, 1, 0])
    squeeze(numbers[6], 2)
    with transaction.atomic():
        tree.move(numbers[1], numbers[6])
    inner = Unit.objects.get(pk=numbers[1])
    last = max(Unit.objects.filter(parent=inner).values_list("rght", flat=True))
    leaf = Unit.objects.get(pk=numbers[2])
    assert inner.rght - last > 2 * (leaf.rght - leaf.lft)


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    shape=st.lists(st.integers(0, 10_000), min_size=4, max_size=25),
    steps=st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(2, 40)), max_size=15
    ),
)
def test_moves_into_units_without_room_keep_the_bounds_right(shape, steps):
    """Before each move the new parent, if it is a leaf, is squeezed."""
    with transaction.atomic():
        model: dict[int, int | None] = {}
        parents = [None if i == 0 or c % 9 == 0 else c % i for i, c in enumerate(shape)]
        for number, parent in zip(forest(parents, first=61_000_000), parents, strict=True):
            model[number] = None if parent is None else 61_000_000 + parent
        for who, where, width in steps:
            number, target = 61_000_000 + who % len(model), 61_000_000 + where % len(model)
            if target in {number} | subtree(model, number):
                continue
            if not subtree(model, target):
                squeeze(target, width)
            tree.move(number, target)
            model[number] = target
        assert tree.check() == []
        assert model == dict(Unit.objects.values_list("pk", "parent"))
        for number in model:
            assert below(number) == subtree(model, number)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_the_tree_is_not_written_outside_a_transaction():
    with pytest.raises(LockOutsideTransaction):
        tree.place_leaf(None)


@pytest.mark.django_db
def test_check_finds_a_wrong_bound():
    _root, child = chain("A", "B")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE detsis_unit SET lft = lft + 2^40, rght = rght + 2^40 WHERE detsis_no = %s",
            [child.pk],
        )
    assert tree.check() == [f"outside its parent: {child.pk}"]
    numbering.renumber()
    assert tree.check() == []


def insert_and_move(seed: int, numbers: list[int]) -> int:
    """What one writer does: founds units and moves what it finds, as fast as it can."""
    dice = random.Random(seed)
    done = 0
    for step in range(40):
        try:
            if step % 2:
                services.move_unit(
                    unit=dice.choice(numbers),
                    parent=dice.choice(numbers),
                    effective_on=TODAY,
                    actor=None,
                )
            else:
                change = services.found_unit(
                    actor=None,
                    name=f"{seed}-{step}",
                    parent=dice.choice(numbers),
                    effective_on=TODAY,
                )
                numbers.append(change.unit_id)
            done += 1
        except KaysisError:
            continue
    return done


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_a_perfect_tree():
    numbers = forest([None, 0, 0, 1, 1, 2, 2, 3, 4, 5])
    done = in_processes(insert_and_move, [(seed, list(numbers)) for seed in range(6)])
    assert min(done) > 15
    assert tree.check() == []
    brute = {u.pk: u.parent_id for u in Unit.objects.all()}
    found = counts.of_many(brute, TODAY)
    for number in brute:
        assert below(number) == subtree(brute, number)
        assert found[number]["units.central"] == len(subtree(brute, number)) + 1


def take_number(name: str, root: int) -> int:
    return services.found_unit(actor=None, name=name, parent=root, effective_on=LONG_AGO).unit_id


@pytest.mark.django_db(transaction=True)
def test_numbers_issued_at_the_same_moment_are_different():
    root = unit("Kök").pk
    issued = in_processes(take_number, [(f"Birim {index}", root) for index in range(8)])
    assert len(set(issued)) == 8
    assert all(10_000_000 <= number <= 99_999_999 for number in issued)
