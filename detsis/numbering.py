"""Set-based numbering of the tree: a whole forest anew, or a forest of rows about to be inserted.

Both work level by level in a temporary table, in a number of statements that depends on the depth
of the tree and not on its size. For single units see `detsis.tree`.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from detsis import tree

# With more full parents than this it is cheaper to number everything anew than to make room.
_ROOM_TO_MAKE = 50
# What a node keeps free at its end is as much as its children take, up to this: without a limit a
# very deep chain would double it at each step.
_MOST_RESERVE = 2**20


def renumber(table: str = "detsis_unit") -> None:
    """Number the whole forest in `table` anew, GAP apart, siblings in the order they have.

    The table has the columns detsis_no, parent_id, lft, rght and level.
    """
    tree.lock()
    number(f"SELECT detsis_no, parent_id, lft FROM {table}")
    _run(
        f"""
        UPDATE {table} u SET lft = n.start * %(gap)s, rght = (n.start + 2 * n.size - 1) * %(gap)s,
            level = n.level
        FROM numbering n WHERE n.detsis_no = u.detsis_no
            AND (u.lft, u.rght, u.level) IS DISTINCT FROM
                (n.start * %(gap)s, (n.start + 2 * n.size - 1) * %(gap)s, n.level)
        """,
        {"gap": tree.GAP},
    )


def place(table: str) -> int:
    """Set the bounds of the rows of `table`, which are about to become units.

    Each of its subtrees goes to the end of the unit it will hang below, or of the number line.
    Where a unit has no room left, room is made. Rows that hang on nothing (a circle) get no
    bounds; returns how many these are.
    """
    tree.lock()
    number(f"SELECT detsis_no, parent_id, line AS lft FROM {table}")
    full = _full_anchors()
    if len(full) > _ROOM_TO_MAKE:
        renumber()
        number(f"SELECT detsis_no, parent_id, line AS lft FROM {table}")
        full = _full_anchors()
    while full:
        tree.make_room(*full[0])
        full = _full_anchors()
    _run(
        f"""
        UPDATE {table} s
        SET lft = a.last + n.start * a.step, rght = a.last + (n.start + 2 * n.size - 1) * a.step,
            level = a.level + 1 + n.level
        FROM numbering n JOIN ({_ANCHORS}) a USING (anchor)
        WHERE n.detsis_no = s.detsis_no
        """,
        {"gap": tree.GAP, "end": tree.LINE.rght},
    )
    return _one(f"SELECT count(*) FROM {table} WHERE lft IS NULL")[0]


# Where subtrees will hang: the unit (0: the line itself), its level, the last number used below it,
# and how far apart new numbers may stand there, so that half of the room stays free.
_ANCHORS = """
    SELECT anchor, need, level, last,
           least(%(gap)s, (rght - last - 1) / (2 * (2 * need + 1))) AS step
    FROM (
        SELECT t.anchor, t.need, coalesce(p.level, -1) AS level, coalesce(p.rght, %(end)s) AS rght,
               coalesce(CASE t.anchor
                   WHEN 0 THEN (SELECT max(rght) FROM detsis_unit WHERE parent_id IS NULL)
                   ELSE (SELECT max(rght) FROM detsis_unit WHERE parent_id = t.anchor)
               END, p.lft, 0) AS last
        FROM (SELECT anchor, sum(size)::bigint AS need FROM numbering
              WHERE level = 0 GROUP BY anchor) t
        LEFT JOIN detsis_unit p ON p.detsis_no = t.anchor
    ) a
"""


def _full_anchors() -> list[tuple[int, int]]:
    """Units that have no room for what shall hang below them, with the numbers needed there."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT nullif(anchor, 0), 2 * need + 2 FROM ({_ANCHORS}) a WHERE step < 1",
            {"gap": tree.GAP, "end": tree.LINE.rght},
        )
        return cursor.fetchall()


def number(nodes: str) -> None:
    """Fill the temporary table `numbering` from a query of (detsis_no, parent_id, lft).

    A node whose parent is not among them stands at level 0; its `anchor` is that parent (0: none).
    `size` is half of the numbers a subtree takes: one for each node at or below, and as much again
    at the end of each node with children, so that new and moved units find room there. `start` is
    the place of the lower bound, counted from 1, among the numbers used below the same anchor.
    Nodes in or below a circle are left out.
    """
    _run("DROP TABLE IF EXISTS numbering")
    _run(
        f"""
        CREATE TEMP TABLE numbering ON COMMIT DROP AS
        WITH RECURSIVE nodes AS MATERIALIZED ({nodes}),
        forest(detsis_no, parent_id, anchor, lft, level) AS (
            SELECT n.detsis_no, n.parent_id, coalesce(n.parent_id, 0), n.lft, 0
            FROM nodes n LEFT JOIN nodes p ON p.detsis_no = n.parent_id WHERE p.detsis_no IS NULL
            UNION ALL
            SELECT n.detsis_no, n.parent_id, f.anchor, n.lft, f.level + 1
            FROM nodes n JOIN forest f ON n.parent_id = f.detsis_no
        )
        SELECT detsis_no, parent_id, anchor, lft AS old, level, 1::bigint AS size,
               0::bigint AS start
        FROM forest
        """
    )
    _run("CREATE INDEX ON numbering (level)")
    _run("CREATE INDEX ON numbering (detsis_no)")
    _run("ANALYZE numbering")
    depth = _one("SELECT coalesce(max(level), 0) FROM numbering")[0]
    for level in range(depth, 0, -1):
        _run(
            f"""
            UPDATE numbering n SET size = 1 + c.size + least(c.size, {_MOST_RESERVE})
            FROM (SELECT parent_id, sum(size) AS size FROM numbering
                  WHERE level = %s GROUP BY parent_id) c
            WHERE n.detsis_no = c.parent_id
            """,
            [level],
        )
    for level in range(depth + 1):
        _run(
            """
            UPDATE numbering n SET start = coalesce(p.start, 0) + 1 + s.before
            FROM (SELECT detsis_no, parent_id,
                         2 * (sum(size) OVER (PARTITION BY parent_id ORDER BY old, detsis_no)
                              - size) AS before
                  FROM numbering WHERE level = %s) s
            LEFT JOIN numbering p ON p.detsis_no = s.parent_id
            WHERE n.detsis_no = s.detsis_no
            """,
            [level],
        )


def _one(sql: str, params: Any = None) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def _run(sql: str, params: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
