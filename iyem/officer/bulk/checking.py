"""The rows of a sheet tried against the register, and against one another."""

from __future__ import annotations

from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem import rules
from iyem.lookups import Loaded
from iyem.models import LookupWay, Manager, Post
from iyem.officer import limits
from iyem.officer.bulk.reading import Item, Row
from iyem.services.states import is_late, term
from kaysis.accounts.models import Person
from kaysis.common.errors import RuleViolation
from kaysis.common.turkish import fold

_COLUMN_OF = {
    "starts_at": "baslangic",
    "ends_at": "bitis",
    "manager": "kimlik_no",
    "kind": "tur",
    "title": "unvan",
    "ordinal": "makam",
}


def check(rows: list[Row]) -> None:
    """Add to each readable row what the register, or another row, has against it.

    The same rules as on the screen (`iyem.rules`), the register read once for all rows; national
    ids stay encrypted. Raises `TooMany` if the person of the request has checked too many ids.
    """
    wanted = [(row, row.item) for row in rows if row.item is not None]
    prints = {item.fingerprint for _row, item in wanted}
    limits.spend(LookupWay.SHEET, prints)
    people = {
        person.national_id_hash: person
        for person in Person.objects.filter(national_id_hash__in=prints)
    }
    managers = {
        manager.person.national_id_hash: manager
        for manager in Manager.objects.filter(person__national_id_hash__in=prints).select_related(
            "person"
        )
    }
    numbers = {item.unit for _row, item in wanted}
    units = Unit.objects.in_bulk(numbers)
    posts = {(post.unit_id, post.ordinal): post for post in Post.objects.filter(unit__in=numbers)}
    register = Loaded(
        units=numbers,
        posts=[post.pk for post in posts.values()],
        managers=[manager.pk for manager in managers.values()],
    )
    for row, item in wanted:
        _names(row, item, people.get(item.fingerprint))
        post, manager = posts.get((item.unit, item.ordinal)), managers.get(item.fingerprint)
        _rules(row, item, register, unit=units[item.unit], post=post, manager=manager)
    _against_one_another(wanted, posts)


def _names(row: Row, item: Item, person: Person | None) -> None:
    """A known person keeps the name on record; somebody new needs one."""
    if person is None:
        for column, text in (("ad", item.given_name), ("soyad", item.family_name)):
            if not text:
                row.problems.append((column, _("Kişi ilk kez kaydediliyor; bu alanı doldurun.")))
        return
    typed = fold(f"{item.given_name} {item.family_name}".strip())
    if typed and typed != fold(f"{person.given_name} {person.family_name}"):
        row.problems.append(
            ("kimlik_no", _("Bu kimlik numarası kayıtlarda başka bir ada ait; denetleyin."))
        )


def _rules(
    row: Row,
    item: Item,
    register: Loaded,
    *,
    unit: Unit,
    post: Post | None,
    manager: Manager | None,
) -> None:
    try:
        validity = term(item.starts_at, item.ends_at)
    except RuleViolation as error:
        row.problems.append(("bitis", str(error)))
        return
    found = rules.findings(
        rules.Wanted(unit=unit, post=post, manager=manager, kind=item.kind, validity=validity),
        register,
    )
    for finding in found:
        if finding.refuses:
            row.problems.append((_COLUMN_OF.get(finding.field or "", ""), finding.message))
        else:
            row.warnings.append(finding.message)
    if post is not None and is_late(item.starts_at, timezone.now()):
        row.warnings.append(_("Geç kayıt olarak işaretlenecek (13. esas)."))


def _against_one_another(
    wanted: list[tuple[Row, Item]], posts: dict[tuple[int, int], Post]
) -> None:
    """Two rows for one post at one time; deputies without those before them; one id, two names."""
    by_post: dict[tuple[int, int], list[tuple[Row, Item]]] = defaultdict(list)
    for row, item in wanted:
        by_post[item.unit, item.ordinal].append((row, item))
    for held in by_post.values():
        _overlaps(sorted(held, key=lambda each: each[1].starts_at))
    chairs = set(posts) | set(by_post)
    for row, item in wanted:
        lacking = [n for n in range(1, item.ordinal) if (item.unit, n) not in chairs]
        if lacking:
            text = _("Önce %(n)d. amir yardımcısını kaydedin.")
            row.problems.append(("makam", text % {"n": lacking[0]}))
    names: dict[str, tuple[int, str]] = {}
    for row, item in wanted:
        name = fold(f"{item.given_name} {item.family_name}".strip())
        line, known = names.setdefault(item.fingerprint, (row.line, name))
        if name and known and name != known:
            text = _("Aynı kimlik numarası %(line)d. satırda başka bir adla.")
            row.problems.append(("kimlik_no", text % {"line": line}))


def _overlaps(held: list[tuple[Row, Item]]) -> None:
    """Of the rows of one post, in order, those that begin before an earlier one ends."""
    longest: tuple[Row, Item] | None = None
    for row, item in held:
        if longest is not None:
            end = longest[1].ends_at
            if end is None or item.starts_at < end:
                text = _("Aynı makam, aynı sürede %(line)d. satırda da var.")
                row.problems.append(("birim", text % {"line": longest[0].line}))
        if longest is None or _ends_later(item, longest[1]):
            longest = (row, item)


def _ends_later(item: Item, other: Item) -> bool:
    if other.ends_at is None:
        return False
    return item.ends_at is None or item.ends_at > other.ends_at
