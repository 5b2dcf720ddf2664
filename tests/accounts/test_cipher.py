"""National ids at rest."""

import base64
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaysis.accounts import cipher
from kaysis.accounts.demo import fictitious_national_id
from kaysis.common.national_id import is_valid

OTHER_KEY = base64.b64encode(b"another key of thirty-two bytes!").decode()


@given(st.text(min_size=1, max_size=40))
def test_what_goes_in_comes_out(value: str) -> None:
    assert cipher.decrypt(cipher.encrypt(value), cipher.fingerprint(value)) == value


@given(st.integers(0, 9_999))
def test_fictitious_ids_are_valid_and_distinct(position: int) -> None:
    assert is_valid(fictitious_national_id(position))
    assert fictitious_national_id(position) != fictitious_national_id(position + 1)


def test_the_same_id_looks_different_each_time_but_is_found_by_one_hash() -> None:
    value = fictitious_national_id(1)
    assert cipher.encrypt(value) != cipher.encrypt(value)
    assert cipher.fingerprint(value) == cipher.fingerprint(value)
    assert value.encode() not in cipher.encrypt(value)


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    value = fictitious_national_id(2)
    stored = bytearray(cipher.encrypt(value))
    position = data.draw(st.integers(0, len(stored) - 1))
    stored[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(cipher.CipherError):
        cipher.decrypt(bytes(stored), cipher.fingerprint(value))


def test_a_ciphertext_moved_to_another_row_is_noticed() -> None:
    stored = cipher.encrypt(fictitious_national_id(3))
    with pytest.raises(cipher.CipherError):
        cipher.decrypt(stored, cipher.fingerprint(fictitious_national_id(4)))


def test_a_new_key_in_front_still_reads_what_the_old_one_wrote(settings) -> None:
    value = fictitious_national_id(5)
    old = settings.NATIONAL_ID_KEY
    stored = cipher.encrypt(value)
    settings.NATIONAL_ID_KEY = f"{OTHER_KEY},{old}"
    assert cipher.decrypt(stored, cipher.fingerprint(value)) == value
    assert not cipher.is_current(stored)
    assert cipher.is_current(cipher.encrypt(value))
    settings.NATIONAL_ID_KEY = OTHER_KEY
    with pytest.raises(cipher.CipherError):
        cipher.decrypt(stored, cipher.fingerprint(value))


@pytest.mark.parametrize("key", ["", "not base64!", base64.b64encode(b"short").decode()])
def test_a_bad_key_is_refused(settings, key: str) -> None:
    settings.NATIONAL_ID_KEY = key
    with pytest.raises(cipher.CipherError):
        cipher.encrypt("10000000146")


def test_an_error_never_carries_the_value(settings, caplog) -> None:
    value = fictitious_national_id(6)
    stored = cipher.encrypt(value)
    settings.NATIONAL_ID_KEY = OTHER_KEY
    with caplog.at_level(logging.DEBUG), pytest.raises(cipher.CipherError) as caught:
        cipher.decrypt(stored, cipher.fingerprint(value))
    assert value not in str(caught.value)
    assert value not in caplog.text
