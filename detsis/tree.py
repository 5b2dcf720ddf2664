"""The tree's bounds: nested sets with gaps, written by plain SQL under one lock.

A unit's descendants are the units whose `lft` lies between its `lft` and `rght`. Neighbouring
bounds stand `GAP` numbers apart after a load, so a new leaf takes free numbers at the end of its
parent and touches no other row. When the numbers there run out, the smallest enclosing subtree
that still has room is spaced anew, with a reserve where the next insert is expected; that keeps
the work per insert constant on average. See docs/decisions/0101-gap-spaced-tree.md.

Every function must be called inside a transaction; the writers take the lock themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from kaysis.common.locks import advisory_lock

GAP = 512
LEAF_WIDTH = 64
# The number line has no end, so a new root takes as much of it as it will ever need.
ROOT_WIDTH = 2**32
# A subtree counts as having room when its bounds can stand at least this far apart.
ROOMY = 8


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
    advisory_lock("detsis.tree")


def bounds_of(detsis_no: int | None) -> Bounds:
    if detsis_no is None:
        return LINE
    row = _one("SELECT lft, rght, level FROM detsis_unit WHERE detsis_no = %s", [detsis_no])
    return Bounds(*row)


def place_leaf(parent: int | None) -> Bounds:
    """Free bounds for a new last child of `parent` (None: a new root)."""
    lock()
    inside, last = _end_of(parent)
    if inside.rght - last - 1 < 2:
        make_room(parent, 2)
        inside, last = _end_of(parent)
    if parent is None:
        return Bounds(last + GAP, last + GAP + ROOT_WIDTH, 0)
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
            "UPDATE detsis_unit SET lft = lft + %s, rght = rght + %s, level = level + %s"
            " WHERE tree_id = 1 AND lft >= %s AND lft < %s",
            [offset, offset, shift, moved.lft, moved.rght],
        )
    else:
        make_room(new_parent, 2, moved=moved, shift=shift)
    _run("UPDATE detsis_unit SET parent_id = %s WHERE detsis_no = %s", [new_parent, detsis_no])


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


def make_room(
    parent: int | None, need: int, *, moved: Bounds | None = None, shift: int = 0
) -> None:
    """Make `need` numbers and more free at the end of `parent`.

    Spaces the smallest enclosing subtree that has room, with a reserve at the end of `parent`.
    `moved` is taken out of its place and set down before the reserve, `shift` levels deeper.
    """
    target = bounds_of(parent)
    size = 0 if moved is None else _count_between(moved)
    scope_no = parent
    while scope_no is not None:
        scope = bounds_of(scope_no)
        count = 2 * _count_between(scope) + need
        if moved is not None and not scope.lft < moved.lft < scope.rght:
            count += 2 * size
        if scope.width >= ROOMY * count:
            break
        scope_no = _one("SELECT parent_id FROM detsis_unit WHERE detsis_no = %s", [scope_no])[0]
    else:
        # Not even the root has room: the line has no end, so everything moves apart by GAP.
        scope, count = LINE, 2 * _one("SELECT count(*) FROM detsis_unit")[0] + need
    total = GAP * (count + 1) * 2 if scope is LINE else scope.width
    reserve = total // 2
    step = (total - reserve) // (count + 1)
    gone = moved or Bounds(-1, -2, 0)
    _run(
        """
        WITH old AS (
            SELECT detsis_no, b.at, lft >= %(mlft)s AND lft < %(mrght)s AS moves
            FROM detsis_unit CROSS JOIN LATERAL (VALUES (lft), (rght)) AS b(at)
            WHERE tree_id = 1 AND ((lft > %(slft)s AND lft < %(srght)s)
                OR (lft >= %(mlft)s AND lft < %(mrght)s))
        ), ranked AS (
            SELECT detsis_no, moves, NOT moves AND at >= %(target)s AS beyond,
                   row_number() OVER (
                       ORDER BY CASE WHEN moves THEN %(target)s ELSE at END, NOT moves, at) AS rank
            FROM old
        ), new AS (
            SELECT detsis_no, bool_and(moves) AS moves,
                   min(rank * %(step)s + CASE WHEN beyond THEN %(reserve)s ELSE 0 END) AS lft,
                   max(rank * %(step)s + CASE WHEN beyond THEN %(reserve)s ELSE 0 END) AS rght
            FROM ranked GROUP BY detsis_no
        )
        UPDATE detsis_unit u
        SET lft = %(slft)s + new.lft, rght = %(slft)s + new.rght,
            level = u.level + CASE WHEN new.moves THEN %(shift)s ELSE 0 END
        FROM new WHERE new.detsis_no = u.detsis_no
        """,
        {
            "slft": scope.lft,
            "srght": scope.rght,
            "mlft": gone.lft,
            "mrght": gone.rght,
            "target": target.rght,
            "step": step,
            "reserve": reserve,
            "shift": shift,
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
