"""The authority and the cards that others are tested with: kept, and renewed when they must be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from kaysis.accounts import pki
from kaysis.common.national_id import is_valid
from kaysis.counterparts.ca import Authority
from kaysis.counterparts.people import PEOPLE
from kaysis.counterparts.tokens import PIN, TokenError, WrongPin
from tests.signing import ELIF, ZEYNEP, Signing

URL = "http://127.0.0.1:8090"


def test_an_authority_is_the_same_at_the_next_start(tmp_path) -> None:
    made = Authority.at(tmp_path / "ca", URL)
    assert Authority.at(tmp_path / "ca", URL).root == made.root
    assert Authority.at(tmp_path / "ca", "http://127.0.0.1:8091").root != made.root


def test_processes_that_start_together_get_one_authority(tmp_path) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: Authority.at(tmp_path / "ca", URL).root, range(4)))
    assert len(set(made)) == 1


def test_keys_are_for_their_owner_alone(tmp_path) -> None:
    Authority.at(tmp_path / "ca", URL)
    keys = list((tmp_path / "ca").glob("*.key"))
    assert len(keys) == 3
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}


def test_the_holders_are_invented(signing: Signing) -> None:
    assert all(is_valid(person.national_id) for person in PEOPLE)
    card = next(card for card in signing.tokens.cards() if card.holder == ELIF.full_name)
    assert "GERÇEK DEĞİLDİR" in card.certificate.subject.rfc4514_string()


def test_cards_are_kept_and_follow_their_authority(signing: Signing) -> None:
    tokens, key = signing.tokens, signing.tokens.public_key(ELIF.full_name)
    assert tokens.prepare(signing.authority, [ELIF, ZEYNEP]) == []
    tokens.prepare(signing.foreign, [ELIF])
    with pytest.raises(pki.Refused):
        pki.verify_signature(signing.by_card(b"text"), b"text", datetime.now(UTC))
    tokens.prepare(signing.authority, [ELIF])
    signer = pki.verify_signature(signing.by_card(b"text"), b"text", datetime.now(UTC))
    assert signer.national_id == ELIF.national_id
    assert tokens.public_key(ELIF.full_name) == key, "the key never leaves the card"


def test_a_card_opens_with_its_pin_alone(signing: Signing) -> None:
    for pin in ("000000", "", "1" * 300):
        with pytest.raises(WrongPin):
            signing.tokens.sign(ELIF.full_name, pin, b"text")
    with pytest.raises(TokenError):
        signing.tokens.sign("Yok", PIN, b"text")


def test_people_sign_at_the_same_time(signing: Signing) -> None:
    """Each with the own card, as the component's threads do."""
    people = [ELIF, ZEYNEP] * 4
    with ThreadPoolExecutor(4) as threads:
        signatures = list(threads.map(lambda person: signing.by_card(b"text", person), people))
    now = datetime.now(UTC)
    found = [pki.verify_signature(one, b"text", now).national_id for one in signatures]
    assert found == [person.national_id for person in people]
