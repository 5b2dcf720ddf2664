"""The derived status against a slow plain model, over arbitrary histories."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kms import services
from kms.models import Instrument, Origin, Relation, Status, VersionKind
from kms.selectors.reading import status_on, texts_of
from tests.factories.kms import instrument, publish, text

pytestmark = pytest.mark.django_db
BEGIN = dt.date(2012, 1, 1)
FIRST, LATER = text("Amaç: Amaç budur."), text("Amaç: Amaç başkadır.")


def day_of(month: int) -> dt.date:
    """A day from 2012 on, by the number of months since."""
    return dt.date(2012 + month // 12, month % 12 + 1, 1)


@dataclass
class Repeal:
    begins: int
    undone: int | None = None
    removed: bool = False


@dataclass
class History:
    """What is known of one instrument, told as plainly as possible."""

    begins: int
    lapsed: int | None = None
    without: int | None = None
    repeals: list[Repeal] = field(default_factory=list)

    def status(self, day: int) -> Status:
        if self.lapsed is not None and self.lapsed <= day:
            return Status.REPEALED
        for repeal in self.repeals:
            if repeal.removed or repeal.begins > day:
                continue
            if repeal.undone is None or day < repeal.undone:
                return Status.REPEALED
        if day < self.begins:
            return Status.NOT_YET
        if self.without is not None and self.without <= day:
            return Status.WITHOUT_EFFECT
        return Status.IN_FORCE

    @property
    def end(self) -> int | None:
        days = [r.begins for r in self.repeals if not r.removed and r.undone is None]
        return min([*days, *([] if self.lapsed is None else [self.lapsed])], default=None)


months = st.integers(0, 60)
repeals = st.lists(st.tuples(months, st.none() | st.integers(0, 24), st.booleans()), max_size=3)


@settings(max_examples=25, deadline=None)
@given(months, st.none() | months, st.none() | months, repeals, st.lists(months, max_size=4))
def test_the_status_on_any_day_is_that_of_the_plain_model(begins, lapsed, without, given_, days):
    with transaction.atomic():
        model = History(begins, lapsed, without)
        law = instrument(
            effective_from=day_of(begins),
            lapsed_on=day_of(lapsed) if lapsed is not None else None,
            without_effect_from=day_of(without) if without is not None else None,
        )
        amended = Relation.objects.create(
            source=instrument("Değiştiren"), target=law, kind="amends", origin=Origin.EDITOR
        )
        for start, after, removed in given_:
            repeal = Repeal(start, None if after is None else start + after, removed)
            model.repeals.append(repeal)
            end_it(law, repeal)
        # What ends the amending instrument undoes no amendment.
        ending = instrument("Değiştireni kaldıran")
        services.relate(actor=None, source=ending, kind="repeals", targets=[amended.source])
        amended.refresh_from_db()
        assert amended.undone_on is None
        law.refresh_from_db()
        assert law.end == (None if model.end is None else day_of(model.end))
        today = (dt.date.today().year - 2012) * 12 + dt.date.today().month - 1
        for month in {*days, begins, lapsed or 0, without or 0, *(r.begins for r in model.repeals)}:
            day, wanted = day_of(month), model.status(month)
            assert status_on(law, day) == wanted
            for status in Status:
                found = Instrument.objects.with_status(status, day).filter(pk=law.pk).exists()
                assert found == (status == wanted), (status, month)
            in_force = Instrument.objects.in_force(day).filter(pk=law.pk).exists()
            assert in_force == (wanted in (Status.IN_FORCE, Status.WITHOUT_EFFECT))
        assert law.status == model.status(today)
        transaction.set_rollback(True)


def end_it(law: Instrument, repeal: Repeal) -> None:
    source = instrument("Kaldıran")
    services.relate(
        actor=None, source=source, kind="repeals", targets=[law], on=day_of(repeal.begins)
    )
    relation = Relation.objects.get(source=source, target=law)
    if repeal.undone is not None:
        services.undo_relation(
            actor=None, relation=relation, on=day_of(repeal.undone), reason="İptal edildi"
        )
    if repeal.removed:
        relation.delete()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.none() | st.integers(0, 12)), max_size=2),
    st.none() | st.integers(0, 60),
    st.booleans(),
)
def test_which_texts_may_be_read_follows_the_end(given_, lapsed, has_first):
    """Before 2015 the first text only, where there is one; from then on all of them."""
    with transaction.atomic():
        model = History(0, lapsed)
        law = instrument(lapsed_on=day_of(lapsed) if lapsed is not None else None)
        if has_first:
            publish(law, FIRST, valid_from=BEGIN, kind=VersionKind.FIRST)
        publish(law, LATER, valid_from=dt.date(2012, 6, 1))
        for start, after in given_:
            repeal = Repeal(start, None if after is None else start + after)
            model.repeals.append(repeal)
            end_it(law, repeal)
        law.refresh_from_db()
        old = model.end is not None and day_of(model.end) < dt.date(2015, 1, 1)
        kinds = [version.kind for version in texts_of(law).versions]
        every = [*([VersionKind.FIRST] if has_first else []), VersionKind.CONSOLIDATED]
        assert kinds == ([VersionKind.FIRST] if old and has_first else every)
        transaction.set_rollback(True)


def test_a_repeal_whose_repealer_is_annulled_brings_the_end_date_back():
    """Two repeals: when the earlier one is undone, the end is that of the later one."""
    law = instrument()
    for year in (2015, 2018):
        source = instrument(f"Kaldıran {year}")
        day = dt.date(year, 1, 1)
        services.relate(actor=None, source=source, kind="repeals", targets=[law], on=day)
    first = law.in_relations.order_by("in_force_on").first()
    law.refresh_from_db()
    assert law.ended_on == dt.date(2015, 1, 1)
    services.undo_relation(actor=None, relation=first, on=dt.date(2016, 1, 1), reason="AYM kararı")
    law.refresh_from_db()
    assert law.ended_on == dt.date(2018, 1, 1)
    assert status_on(law, dt.date(2015, 6, 1)) == Status.REPEALED
    assert status_on(law, dt.date(2017, 6, 1)) == Status.IN_FORCE
    law.in_relations.all().delete()
    law.refresh_from_db()
    assert (law.ended, law.ended_on) == (False, None)
