"""The tree's bounds: nested sets with gaps, written by plain SQL under one lock.

A unit's descendants are the units whose `lft` lies between its `lft` and `rght`. Neighbouring
bounds stand `GAP` numbers apart after a load, so a new leaf takes free numbers at the end of its
parent and touches no other row. When the numbers there run out, the smallest enclosing subtree
that has room, or finds more of it at the end of what it hangs below, is spaced anew, with reserves
where the next inserts are expected; that keeps the work per insert constant on average.
See docs/decisions/0101-gap-spaced-tree.md.

Every function must be called inside a transaction; the writers take the lock themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from kaysis.common.locks import advisory_lock

LOCK = "detsis.tree"
GAP = 512
LEAF_WIDTH = 64
# The number line has no end, so a new root takes as much of it as it will ever need.
ROOT_WIDTH = 2**32
# A subtree counts as having room when there are so many numbers for each of its bounds …
ROOMY = 8
# … and sets out for another place only where there are more, so that it stays there for long.
SPACIOUS = 32
# What a node with children keeps free at its end grows with the number of bounds in it, up to this.
_MOST_RESERVE = 2**20


@dataclass(frozen=True, slots=True)
class Bounds:
    lft: int
    rght: int
    level: int

    @property
    def width(self) -> int:
        return self.rght - self.lft - 1


# The number line itself, as the parent of all roots.
LINE = Bounds(lft=0, rght=2**62, level=-1)


def lock() -> None:
    """Holds the tree until the transaction ends."""
    advisory_lock(LOCK)


def bounds_of(detsis_no: int | None) -> Bounds:
    if detsis_no is None:
        return LINE
    row = _one("SELECT lft, rght, level FROM detsis_unit WHERE detsis_no = %s", [detsis_no])
    return Bounds(*row)


def place_leaf(parent: int | None) -> Bounds:
    """Free bounds for a new last child of `parent` (None: a new root)."""
    lock()
    inside, last = _end_of(parent)
    if parent is None:
        return Bounds(last + GAP, last + GAP + ROOT_WIDTH, 0)
    if inside.rght - last - 1 < 2:
        make_room(parent, 2)
        inside, last = _end_of(parent)
    room = inside.rght - last - 1
    width = max(2, min(LEAF_WIDTH, room // 8))
    return Bounds(last + 1, last + width, inside.level + 1)


def move(detsis_no: int, new_parent: int | None) -> None:
    """Hang the subtree of `detsis_no` below `new_parent` as its last child.

    Writes `parent` too. The caller has checked that `new_parent` is not inside the subtree.
    """
    lock()
    moved = bounds_of(detsis_no)
    inside, last = _end_of(new_parent)
    shift = inside.level + 1 - moved.level
    room = inside.rght - last - 1
    if room // 2 >= moved.width + 2:
        offset = last + 1 - moved.lft + (GAP if new_parent is None else 0)
        _run(
            "UPDATE detsis_unit SET lft = lft + %s, rght = rght + %s, level = level + %s,"
            " parent_id = CASE WHEN detsis_no = %s THEN %s ELSE parent_id END"
            " WHERE tree_id = 1 AND lft >= %s AND lft < %s",
            [offset, offset, shift, detsis_no, new_parent, moved.lft, moved.rght],
        )
        return
    assert new_parent is not None, "the number line has room for every subtree there is"
    branch = _Branch(detsis_no, moved, shift, new_parent, 2 * _count_between(moved))
    if room // 2 >= SPACIOUS * branch.bounds:
        # Set down more closely than it stood: only its own rows are written.
        _space(_NOTHING, inside, base=last, width=room // 2, count=branch.bounds, branch=branch)
    else:
        make_room(new_parent, 2, branch=branch)


def check() -> list[str]:
    """Every way in which the bounds contradict `parent`; empty when the tree is perfect."""
    problems = []
    with connection.cursor() as cursor:
        for title, sql in _CHECKS.items():
            cursor.execute(sql)
            problems += [f"{title}: {row[0]}" for row in cursor.fetchall()]
    return problems


_CHECKS = {
    "outside its parent": """
        SELECT u.detsis_no FROM detsis_unit u JOIN detsis_unit p ON p.detsis_no = u.parent_id
        WHERE NOT (p.lft < u.lft AND u.rght < p.rght)""",
    "wrong level": """
        SELECT u.detsis_no FROM detsis_unit u LEFT JOIN detsis_unit p ON p.detsis_no = u.parent_id
        WHERE u.level <> coalesce(p.level + 1, 0)""",
    "overlaps its elder sibling": """
        SELECT detsis_no FROM (
            SELECT detsis_no, lft, lag(rght) OVER (PARTITION BY parent_id ORDER BY lft) AS before
            FROM detsis_unit) s WHERE lft <= before""",
    "not below any root": """
        WITH RECURSIVE reached(detsis_no) AS (
            SELECT detsis_no FROM detsis_unit WHERE parent_id IS NULL
            UNION ALL SELECT u.detsis_no FROM detsis_unit u JOIN reached r
                ON u.parent_id = r.detsis_no)
        SELECT detsis_no FROM detsis_unit EXCEPT SELECT detsis_no FROM reached""",
}


def _end_of(parent: int | None) -> tuple[Bounds, int]:
    """The bounds of `parent` and the last number used by its children."""
    if parent is None:
        last = _one("SELECT coalesce(max(rght), 0) FROM detsis_unit WHERE parent_id IS NULL")
        return LINE, last[0]
    row = _one(
        """SELECT lft, rght, level,
                  (SELECT max(rght) FROM detsis_unit WHERE parent_id = p.detsis_no)
           FROM detsis_unit p WHERE detsis_no = %s""",
        [parent],
    )
    inside = Bounds(*row[:3])
    return inside, row[3] or inside.lft


@dataclass(frozen=True, slots=True)
class _Branch:
    """A subtree on its way to the end of `parent`, `shift` levels deeper than it stands."""

    detsis_no: int
    at: Bounds
    shift: int
    parent: int
    # How many bounds there are in it.
    bounds: int


# A range that holds no bounds.
_NOTHING = Bounds(lft=-1, rght=-2, level=0)
_NO_BRANCH = _Branch(0, _NOTHING, 0, 0, 0)


def make_room(parent: int, need: int, *, branch: _Branch = _NO_BRANCH) -> None:
    """Make `need` numbers and more free at the end of `parent`, and set `branch` down before them.

    Spaces the smallest enclosing subtree that has room where it stands or, at the end of its own
    parent, room to be set down anew. A root always has: the line goes on behind the last one.
    """
    target = bounds_of(parent)
    scope_no = parent
    while True:
        *bounds, above = _one(
            "SELECT lft, rght, level, parent_id FROM detsis_unit WHERE detsis_no = %s", [scope_no]
        )
        scope = Bounds(*bounds)
        count = 2 * _count_between(scope) + need
        if not scope.lft < branch.at.lft < scope.rght:
            count += branch.bounds
        if scope.width >= ROOMY * count:
            within = Bounds(scope.lft + 1, scope.rght, scope.level)
            _space(within, target, base=scope.lft, width=scope.width, count=count, branch=branch)
            return
        base, room = _beside(scope_no, above, branch.detsis_no)
        width = min(room // 2, max(2 * GAP * count, ROOT_WIDTH if above is None else 0))
        if above is None or width >= SPACIOUS * count:
            _space(scope, target, base=base, width=width, count=count, branch=branch)
            return
        scope_no = above


def _beside(detsis_no: int, parent: int | None, branch: int) -> tuple[int, int]:
    """The last number used below `parent` by others than these two, and how many follow it."""
    inside = bounds_of(parent)
    last = _one(
        "SELECT max(rght) FROM detsis_unit"
        f" WHERE parent_id {'IS NULL' if parent is None else '= %(parent)s'}"
        " AND detsis_no <> %(unit)s AND detsis_no <> %(branch)s",
        {"parent": parent, "unit": detsis_no, "branch": branch},
    )[0]
    base = (last or inside.lft) + (GAP if parent is None else 0)
    return base, inside.rght - base - 1


def _space(
    scope: Bounds, target: Bounds, *, base: int, width: int, count: int, branch: _Branch
) -> None:
    """Spread the bounds of the units in `scope` over the `width` numbers after `base`.

    `branch` joins them at the end of `target`, and half of the numbers stay free behind it. Of the
    others half are shared out evenly, and half to the ends of units with children, as much as
    these have below them. `count`: how many bounds there are at least.
    """
    reserve = width // 2 if scope is not _NOTHING else 0
    spare = (width - reserve) // 2
    _run(
        """
        WITH old AS (
            SELECT detsis_no, b.at, b.closes, lft >= %(mlft)s AND lft < %(mrght)s AS moves
            FROM detsis_unit CROSS JOIN LATERAL (VALUES (lft, 0), (rght, 1)) AS b(at, closes)
            WHERE tree_id = 1 AND ((lft >= %(slft)s AND lft < %(srght)s)
                OR (lft >= %(mlft)s AND lft < %(mrght)s))
        ), ranked AS (
            SELECT detsis_no, moves, closes,
                   CASE WHEN NOT moves AND at >= %(target)s THEN %(reserve)s ELSE 0 END AS behind,
                   row_number() OVER (
                       ORDER BY CASE WHEN moves THEN %(target)s ELSE at END, NOT moves, at) AS rank
            FROM old
        ), weighed AS (
            SELECT *, closes * least(%(most)s, rank - 1
                - min(rank) OVER (PARTITION BY detsis_no)) AS inside FROM ranked
        ), placed AS (
            SELECT detsis_no, moves, %(base)s + rank * %(step)s + behind
                + div(%(spare)s * sum(inside) OVER (ORDER BY rank),
                      greatest(1, sum(inside) OVER ()))::bigint AS at
            FROM weighed
        ), new AS (
            SELECT detsis_no, moves, min(at) AS lft, max(at) AS rght
            FROM placed GROUP BY detsis_no, moves
        )
        UPDATE detsis_unit u
        SET lft = new.lft, rght = new.rght,
            level = u.level + CASE WHEN new.moves THEN %(shift)s ELSE 0 END,
            parent_id = CASE WHEN u.detsis_no = %(branch)s THEN %(parent)s ELSE u.parent_id END
        FROM new WHERE new.detsis_no = u.detsis_no
        """,
        {
            "slft": scope.lft,
            "srght": scope.rght,
            "mlft": branch.at.lft,
            "mrght": branch.at.rght,
            "target": target.rght,
            "base": base,
            "step": (width - reserve - spare) // (count + 1),
            "reserve": reserve,
            "spare": spare,
            "most": _MOST_RESERVE,
            "shift": branch.shift,
            "branch": branch.detsis_no,
            "parent": branch.parent,
        },
    )


def _count_between(bounds: Bounds) -> int:
    return _one(
        "SELECT count(*) FROM detsis_unit WHERE tree_id = 1 AND lft >= %s AND lft < %s",
        [bounds.lft, bounds.rght],
    )[0]


def _one(sql: str, params=None) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def _run(sql: str, params=None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
