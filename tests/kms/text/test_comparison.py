"""Differences between two versions."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kms.text import Edit, Status, compare, parse
from kms.text.comparison import MOST_EDITS, word_differences

from .samples import LAW

WORDS = st.lists(st.sampled_from(["bir", "iki", "üç", "dört", "beş"]), max_size=60)


def text_of(words: list[str]) -> str:
    return " ".join(words)


def test_a_text_is_the_same_as_itself() -> None:
    document = parse(LAW)
    assert {change.status for change in compare(document, document)} == {Status.SAME}


def test_line_breaks_and_marks_are_no_change() -> None:
    other = parse(LAW.replace("kurumun\ngörevlerini", "kurumun görevlerini").replace("[2]", "[3]"))
    assert {change.status for change in compare(parse(LAW), other)} == {Status.SAME}


def test_added_removed_and_changed_articles() -> None:
    old = parse("Madde 1 – Kurul beş üyelidir.\n\nMadde 2 – Kalkacak.\n\nMadde 3 – Kalır.\n")
    new = parse("Madde 1 – Kurul yedi üyelidir.\n\nMadde 3 – Kalır.\n\nEk Madde 1 – Yeni.\n")
    changes = {change.anchor: change for change in compare(old, new)}
    assert [(anchor, change.status) for anchor, change in changes.items()] == [
        ("m1", Status.CHANGED),
        ("m2", Status.REMOVED),
        ("m3", Status.SAME),
        ("ek-m1", Status.ADDED),
    ]
    assert [(part.edit, part.text) for part in changes["m1"].words] == [
        (Edit.KEEP, "Madde 1 – Kurul"),
        (Edit.DELETE, "beş"),
        (Edit.INSERT, "yedi"),
        (Edit.KEEP, "üyelidir."),
    ]


def test_paragraphs_keep_their_lines_which_are_no_difference() -> None:
    old = parse("Süre\n\nMadde 1 – Birinci fıkra beş. İkinci fıkra:\n\na) Bent.\n")
    new = parse("Süre\n\nMadde 1 – Birinci fıkra altı.\n\nİkinci fıkra:\n\na) Bent.\n")
    (change,) = compare(old, new)
    assert [(part.edit, part.text) for part in change.words] == [
        (Edit.KEEP, "Süre \nMadde 1 – Birinci fıkra"),
        (Edit.DELETE, "beş."),
        (Edit.INSERT, "altı."),
        (Edit.KEEP, "\nİkinci fıkra: \na) Bent."),
    ]


def test_a_new_note_alone_does_not_change_an_article() -> None:
    old = parse("Madde 1 – Metin.\n")
    new = parse("Madde 1 – (Değişik: 1/1/2020-7200/1 md.) Metin.\n")
    (change,) = compare(old, new)
    assert change.status is Status.SAME
    assert change.notes_changed


@given(WORDS, WORDS)
def test_differences_rebuild_both_texts(old: list[str], new: list[str]) -> None:
    parts = word_differences(old, new)
    kept_or = {
        edit: " ".join(p.text for p in parts if p.edit in (Edit.KEEP, edit))
        for edit in (Edit.DELETE, Edit.INSERT)
    }
    assert kept_or[Edit.DELETE] == text_of(old)
    assert kept_or[Edit.INSERT] == text_of(new)
    assert all(a.edit is not b.edit for a, b in pairwise(parts))


@given(WORDS, st.integers(0, 59), st.sampled_from(["altı", "yedi"]))
def test_one_new_word_is_one_insertion(words: list[str], place: int, word: str) -> None:
    place = min(place, len(words))
    parts = word_differences(words, [*words[:place], word, *words[place:]])
    assert [part.text for part in parts if part.edit is not Edit.KEEP] == [word]


@settings(max_examples=5)
@given(st.integers(MOST_EDITS, MOST_EDITS * 3))
def test_texts_that_share_nothing_are_replaced_whole(size: int) -> None:
    parts = word_differences([f"a{n}" for n in range(size)], [f"b{n}" for n in range(size)])
    assert [part.edit for part in parts] == [Edit.DELETE, Edit.INSERT]
