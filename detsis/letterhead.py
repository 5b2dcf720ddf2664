"""Official correspondence for units: letterhead, addressee, number and closing.

Follows the regulation on official correspondence (Resmî Yazışmalarda Uygulanacak Usul ve Esaslar
Hakkında Yönetmelik, 10.06.2020). Whatever is registered for a unit prevails over what follows from
the rules: its own letterhead lines, and the text to add to or cut from its name as an addressee.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from detsis.asof import Facts, Standing
from detsis.seed import CategoryCode, StatusCode
from kaysis.common.turkish import dative, fold, upper
from kaysis.common.types import Text

REPUBLIC = "T.C."
SEVERAL_ADDRESSEES = "DAĞITIM YERLERİNE"

# Institutions that write the one they are attached to above their own name.
ATTACHED = frozenset([CategoryCode.AFFILIATED, CategoryCode.RELATED, CategoryCode.LOCAL_AFFILIATE])
LOCAL = frozenset([CategoryCode.MUNICIPALITY, CategoryCode.SPECIAL_PROVINCIAL_ADMINISTRATION])
_CENTRAL = frozenset(
    [
        CategoryCode.PARLIAMENT,
        CategoryCode.PRESIDENCY,
        CategoryCode.MINISTRY,
        CategoryCode.HIGH_JUDICIARY,
    ]
)


def is_governorship(facts: Facts) -> bool:
    """A governorship of a province: by its status or, where none is recorded, by its name."""
    return _is(facts, StatusCode.GOVERNORSHIP, "valiligi")


def is_district_governorship(facts: Facts) -> bool:
    return _is(facts, StatusCode.DISTRICT_GOVERNORSHIP, "kaymakamligi")


def _is(facts: Facts, status: StatusCode, ending: str) -> bool:
    if facts.status_id is not None:
        return facts.status_id == status
    return fold(facts.name).endswith(ending)


@dataclass(frozen=True, slots=True)
class Head:
    """Who speaks: the institution or civil authority whose name stands in capitals.

    `facts` is that office, `attached_to` the institution above it when it writes that one first.
    """

    facts: Facts
    attached_to: Facts | None = None


def head_of(standing: Standing) -> Head:
    """The office in whose name the unit writes and is written to.

    A unit below a civil authority writes in its name (Law 5442), not in its ministry's; local
    administrations are below none. Otherwise it is the nearest institution, or else the root.
    """
    institution = standing.institution
    local = institution is not None and institution.category_id in LOCAL
    for facts in reversed(standing.chain):
        if is_governorship(facts) or is_district_governorship(facts):
            return Head(facts)
        authority = standing.authorities.get(facts.civil_authority_id or 0)
        if authority is not None and not local:
            return Head(authority)
        if facts.is_institution:
            return Head(facts, _attached_to(facts, standing.chain))
    return Head(standing.chain[0])


def _attached_to(facts: Facts, chain: Sequence[Facts]) -> Facts | None:
    if facts.category_id not in ATTACHED:
        return None
    above = list(chain)[: list(chain).index(facts)]
    return next((other for other in reversed(above) if other.is_institution), None)


def letterhead(standing: Standing) -> list[str]:
    """The lines at the head of a letter the unit writes, two to four of them."""
    unit = standing.unit
    if unit.letterhead:
        return list(unit.letterhead)
    head = head_of(standing)
    lines = [] if head.facts.category_id == CategoryCode.PARLIAMENT else [REPUBLIC]
    if head.attached_to is not None:
        lines.append(upper(head.attached_to.name))
    lines.append(upper(head.facts.name))
    if unit.detsis_no != head.facts.detsis_no:
        lines.append(unit.name)
    return lines


def addressee(standing: Standing, sender: Standing | None = None) -> list[str]:
    """The lines that name the unit as the addressee of a letter.

    An institution takes one line, in capitals with the dative suffix; a unit of it a second line in
    parentheses. Within one institution the unit is addressed directly.
    """
    unit, head = standing.unit, head_of(standing).facts
    inside = sender is not None and head_of(sender).facts.detsis_no == head.detsis_no
    if unit.detsis_no == head.detsis_no or inside:
        return [dative(upper(addressed_name(unit)))]
    return [dative(upper(addressed_name(head))), f"({addressed_name(unit)})"]


def addressed_name(facts: Facts) -> str:
    """The name with what is registered to be cut from it and added to it."""
    name = facts.name
    if facts.addressee_cut:
        name = " ".join(name.replace(facts.addressee_cut, " ").split())
    if facts.addressee_suffix:
        name = f"{name} {facts.addressee_suffix.strip()}"
    return name.strip()


def number_prefix(detsis_no: int) -> str:
    """The beginning of the number line; file plan code and register number follow."""
    return f"E-{detsis_no}-"


class Closing(StrEnum):
    """How a letter ends, by who reads it."""

    SUBMIT = "arz ederim"
    REQUEST = "rica ederim"
    BOTH = "arz ve rica ederim"


class Relation(StrEnum):
    """Where an addressee stands as seen from the sender."""

    SUPERIOR = "superior"
    EQUAL = "equal"
    SUBORDINATE = "subordinate"


RELATION_TEXTS: dict[Relation, Text] = {
    Relation.SUPERIOR: _("Muhatap, yazan birimin üst makamıdır."),
    Relation.EQUAL: _("Muhatapla yazan arasında ast üst ilişkisi yoktur: aynı düzey sayılır."),
    Relation.SUBORDINATE: _("Muhatap, yazan birimin alt makamıdır."),
}


def relation(sender: Standing, receiver: Standing) -> Relation:
    """Where the receiver stands. A parenthesised addressee is judged by its first line.

    The same holds for the sender: it signs by delegation of the office in whose name it writes.
    Offices that neither the hierarchy nor the administration of the country orders are equals.
    """
    own, other = head_of(sender).facts, head_of(receiver).facts
    if own.detsis_no == other.detsis_no:
        return _within(sender, receiver, own.detsis_no)
    if own.detsis_no in _above(receiver):
        return Relation.SUBORDINATE
    if other.detsis_no in _above(sender):
        return Relation.SUPERIOR
    return _by_rank(_rank(own), _rank(other))


def _within(sender: Standing, receiver: Standing, head: int) -> Relation:
    """Inside one office: by the hierarchy, else by how deep each stands in the institution."""
    if sender.unit.detsis_no in _above(receiver):
        return Relation.SUBORDINATE
    if receiver.unit.detsis_no in _above(sender):
        return Relation.SUPERIOR
    if head not in {facts.detsis_no for facts in sender.chain}:
        return Relation.EQUAL
    return _by_rank(len(sender.chain), len(receiver.chain))


def _above(standing: Standing) -> set[int]:
    """Numbers of all above the unit: hierarchy, civil authority, and what that one is under."""
    above = {facts.detsis_no for facts in standing.chain[:-1]}
    above |= {number for facts in standing.chain if (number := facts.civil_authority_id)}
    return above | {a.parent_id for a in standing.authorities.values() if a.parent_id}


def _rank(facts: Facts) -> int | None:
    """Central authorities, governorships, district governorships and local administrations stand
    above one another; whoever is none of these stands beside all of them (None)."""
    if facts.category_id in _CENTRAL:
        return 0
    if facts.category_id in LOCAL or is_district_governorship(facts):
        return 2
    return 1 if is_governorship(facts) else None


def _by_rank(own: int | None, other: int | None) -> Relation:
    if own is None or other is None or own == other:
        return Relation.EQUAL
    return Relation.SUBORDINATE if own < other else Relation.SUPERIOR


def closing(sender: Standing, receivers: Sequence[Standing]) -> Closing:
    """The closing formula of a letter to `receivers` (at least one)."""
    if not receivers:
        raise ValueError("a letter has at least one addressee")
    below = [relation(sender, other) == Relation.SUBORDINATE for other in receivers]
    if all(below):
        return Closing.REQUEST
    return Closing.BOTH if any(below) else Closing.SUBMIT


@dataclass(frozen=True, slots=True)
class Correspondence:
    """What a letter from (or to) a unit carries, ready to show."""

    letterhead: list[str]
    addressee: list[str]
    number_prefix: str


def correspondence_of(standing: Standing) -> Correspondence:
    """The unit as sender and, seen from outside its institution, as addressee."""
    return Correspondence(
        letterhead=letterhead(standing),
        addressee=addressee(standing),
        number_prefix=number_prefix(standing.unit.detsis_no),
    )
