"""The registry of rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kaysis.common.types import Text


@dataclass(frozen=True, slots=True)
class Rule:
    """What good data looks like, and how to find what does not.

    Either `sql`: a SELECT of (detsis_no, detail) over `detsis_unit u` and what belongs to it; or
    `check`: a name → what is wrong with it, or None. Only active units are looked at.
    """

    key: str
    title: Text
    explanation: Text
    sql: str = ""
    check: Callable[[str], str | None] | None = None
    # Shown first, and in red words: what keeps letters from arriving.
    serious: bool = False


_rules: dict[str, Rule] = {}


def register(rule: Rule) -> Rule:
    if bool(rule.sql) == bool(rule.check):
        raise ValueError(f"{rule.key}: a rule has either an SQL statement or a check")
    if rule.key in _rules:
        raise ValueError(f"{rule.key} is registered already")
    _rules[rule.key] = rule
    return rule


def rules() -> list[Rule]:
    """All rules, serious ones first, then in order of registration."""
    return sorted(_rules.values(), key=lambda rule: not rule.serious)


def rule(key: str) -> Rule | None:
    return _rules.get(key)
