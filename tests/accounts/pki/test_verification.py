"""Which signatures are believed, and as whose; everything else is refused by its code."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaysis.accounts import pki
from kaysis.accounts.pki import verification
from kaysis.accounts.pki.refusal import CODES
from kaysis.counterparts import cades
from kaysis.counterparts.ca import Authority
from kaysis.counterparts.certificates import Profile
from kaysis.counterparts.people import Holder
from tests.signing import ELIF, ZEYNEP, Signing

TEXT = b"Bu metni imzalayarak giris yapiyorum."
DAY = timedelta(days=1)


def verify(signature: bytes, content: bytes = TEXT, at: datetime | None = None) -> pki.Signer:
    return pki.verify_signature(signature, content, at or datetime.now(UTC))


def refusal(signature: bytes, content: bytes = TEXT, at: datetime | None = None) -> str:
    with pytest.raises(pki.Refused) as refused:
        verify(signature, content, at)
    assert refused.value.code in CODES
    return refused.value.code


# --- Believed --------------------------------------------------------------------------------


def test_a_card_proves_whose_it_is(signing: Signing) -> None:
    signer = verify(signing.by_card(TEXT, ZEYNEP))
    assert signer.national_id == ZEYNEP.national_id
    assert (signer.given_name, signer.family_name) == ("Zeynep", "Aydın")
    card = next(card for card in signing.tokens.cards() if card.holder == ZEYNEP.full_name)
    expected = card.certificate.fingerprint(hashes.SHA256()).hex()
    assert signer.certificate_fingerprint == expected
    assert ZEYNEP.national_id not in repr(signer)


@pytest.mark.parametrize("detached", [True, False])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_detached_and_attached_signatures_count(
    signing: Signing, detached: bool, digest: str
) -> None:
    signature = signing.sign(TEXT, signing.certificate(), detached=detached, digest=digest)
    assert verify(signature).national_id == ELIF.national_id


def test_an_elliptic_key_counts(signing: Signing) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    certificate = signing.authority.issue(key.public_key(), ELIF)
    signer = cades.key_signer(key, certificate, signing.authority.chain)
    assert verify(cades.sign(signer, TEXT)).national_id == ELIF.national_id


def test_a_signature_without_its_chain_is_completed(signing: Signing, settings, tmp_path) -> None:
    bare = cades.sign(cades.key_signer(signing.key, signing.certificate()), TEXT)
    assert refusal(bare) == "untrusted"
    file = tmp_path / "issuing.pem"
    pem = signing.authority.issuing.public_bytes(serialization.Encoding.PEM)
    file.write_bytes(pem)
    settings.SIGNATURE_INTERMEDIATES = str(file)
    assert verify(bare).national_id == ELIF.national_id


def test_names_of_many_words(signing: Signing) -> None:
    person = Holder("Ayşe Nur İpek", "Yılmaz", ELIF.national_id)
    signer = verify(signing.sign(TEXT, signing.certificate(person)))
    assert (signer.given_name, signer.family_name) == ("Ayşe Nur İpek", "Yılmaz")


# --- Refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize("detached", [True, False])
def test_another_content_is_refused(signing: Signing, detached: bool) -> None:
    signature = signing.sign(TEXT, signing.certificate(), detached=detached)
    assert refusal(signature, TEXT + b" ") == "content"


def test_a_changed_signature_is_refused(signing: Signing) -> None:
    info = asn1.ContentInfo.load(signing.sign(TEXT, signing.certificate()))
    signer = info["content"]["signer_infos"][0]
    value = bytearray(signer["signature"].native)
    value[10] ^= 1
    signer["signature"] = bytes(value)
    assert refusal(info.dump(force=True)) == "signature"


def test_somebody_elses_certificate_in_place_of_the_own_is_refused(signing: Signing) -> None:
    """The certificate is itself signed: it cannot be exchanged for one with the same key."""
    elif_, zeynep = signing.certificate(ELIF), signing.certificate(ZEYNEP)
    info = asn1.ContentInfo.load(signing.sign(TEXT, elif_))
    data = info["content"]
    der = zeynep.public_bytes(serialization.Encoding.DER)
    others = [c for c in data["certificates"] if c.chosen.serial_number != elif_.serial_number]
    stranger = asn1.CertificateChoices.load(der)
    data["certificates"] = asn1.CertificateSet([stranger, *others])
    data["signer_infos"][0]["sid"] = asn1.SignerIdentifier(
        name="issuer_and_serial_number",
        value={"issuer": stranger.chosen.issuer, "serial_number": zeynep.serial_number},
    )
    assert refusal(info.dump(force=True)) in {"malformed", "signature"}


@pytest.mark.parametrize(
    ("begins", "lasts", "code"),
    [
        (-10 * DAY, 5 * DAY, "certificate_expired"),
        (-DAY, DAY - timedelta(seconds=2), "certificate_expired"),
        (DAY, 5 * DAY, "certificate_not_yet_valid"),
    ],
)
def test_a_certificate_counts_only_while_it_is_valid(
    signing: Signing, begins: timedelta, lasts: timedelta, code: str
) -> None:
    now = datetime.now(UTC)
    certificate = signing.certificate(valid_from=now + begins, valid_for=lasts)
    assert refusal(signing.sign(TEXT, certificate)) == code


@pytest.mark.parametrize(
    "profile",
    [
        Profile(non_repudiation=False, digital_signature=False),
        Profile(non_repudiation=False),
        Profile(qualified=False),
    ],
    ids=["encryption", "authentication", "not-qualified"],
)
def test_a_certificate_for_something_else_is_refused(signing: Signing, profile: Profile) -> None:
    assert refusal(signing.sign(TEXT, signing.certificate(profile=profile))) == "key_usage"


def test_non_repudiation_alone_is_enough(signing: Signing) -> None:
    profile = Profile(digital_signature=False)
    signature = signing.sign(TEXT, signing.certificate(profile=profile))
    assert verify(signature).national_id == ELIF.national_id


def test_a_foreign_authority_is_refused(signing: Signing) -> None:
    certificate = signing.foreign.issue(signing.key.public_key(), ELIF)
    signer = cades.key_signer(
        signing.key, certificate, [*signing.foreign.chain, signing.foreign.root]
    )
    assert refusal(cades.sign(signer, TEXT)) == "untrusted"


def test_an_authority_of_the_same_name_is_refused(signing: Signing, tmp_path) -> None:
    """It differs in its keys alone."""
    twin = Authority.create(tmp_path, signing.authority.base_url)
    certificate = twin.issue(signing.key.public_key(), ELIF)
    signer = cades.key_signer(signing.key, certificate, [*twin.chain, twin.root])
    assert refusal(cades.sign(signer, TEXT)) == "untrusted"


def test_a_self_signed_certificate_is_refused(signing: Signing) -> None:
    assert refusal(signing.sign(TEXT, self_signed(signing.key))) == "untrusted"


def self_signed(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.SERIAL_NUMBER, ELIF.national_id),
            x509.NameAttribute(NameOID.COMMON_NAME, ELIF.full_name),
        ]
    )
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - DAY,
        not_valid_after=now + DAY,
    )
    return builder.sign(key, hashes.SHA256())


@pytest.mark.parametrize(
    "number", ["10000010142", "1000001014", " ", "TR-10000010146", "abcdefghijk"]
)
def test_a_subject_without_a_valid_national_id_is_refused(signing: Signing, number: str) -> None:
    certificate = signing.certificate(Holder("Elif", "Şahin", number))
    assert refusal(signing.sign(TEXT, certificate)) == "national_id"


def test_without_an_anchor_nobody_is_believed(signing: Signing, settings, tmp_path) -> None:
    signature = signing.by_card(TEXT)
    for anchors in ("", str(tmp_path / "missing.pem")):
        settings.SIGNATURE_TRUST_ANCHORS = anchors
        assert not pki.is_configured()
        assert refusal(signature) == "untrusted"
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    settings.SIGNATURE_TRUST_ANCHORS = str(broken)
    assert refusal(signature) == "untrusted"


def test_weak_algorithms_are_refused(signing: Signing) -> None:
    assert refusal(signing.sign(TEXT, signing.certificate(), digest="sha1")) == "algorithm"
    short = rsa.generate_private_key(65537, 1024)
    certificate = signing.authority.issue(short.public_key(), ELIF)
    signer = cades.key_signer(short, certificate, signing.authority.chain)
    assert refusal(cades.sign(signer, TEXT)) == "algorithm"
    unusual = ec.generate_private_key(ec.SECP256K1())
    certificate = signing.authority.issue(unusual.public_key(), ELIF)
    signer = cades.key_signer(unusual, certificate, signing.authority.chain)
    assert refusal(cades.sign(signer, TEXT)) == "algorithm"


def _without_attributes(info: asn1.ContentInfo) -> bytes:
    info["content"]["signer_infos"][0]["signed_attrs"] = None
    return info.dump(force=True)


def _two_signers(info: asn1.ContentInfo) -> bytes:
    signers = info["content"]["signer_infos"]
    signers.append(signers[0].copy())
    return info.dump(force=True)


def _many_certificates(info: asn1.ContentInfo) -> bytes:
    certificates = info["content"]["certificates"]
    for _ in range(verification.MOST_CERTIFICATES):
        certificates.append(certificates[0].copy())
    return info.dump(force=True)


def _no_certificates(info: asn1.ContentInfo) -> bytes:
    info["content"]["certificates"] = asn1.CertificateSet([])
    return info.dump(force=True)


@pytest.mark.parametrize(
    "change", [_without_attributes, _two_signers, _many_certificates, _no_certificates]
)
def test_what_is_not_one_cades_signature_is_refused(
    signing: Signing, change: Callable[[asn1.ContentInfo], bytes]
) -> None:
    info = asn1.ContentInfo.load(signing.sign(TEXT, signing.certificate()))
    assert refusal(change(info)) == "malformed"


@pytest.mark.parametrize("data", [b"", b"0", b"imza", b"0" * 70_000, bytes(40)])
def test_bytes_that_are_no_signature_are_refused(signing: Signing, data: bytes) -> None:
    assert refusal(data) == "malformed"


@pytest.fixture
def genuine(signing: Signing) -> bytes:
    return signing.sign(TEXT, signing.certificate())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_no_changed_byte_makes_somebody_else_of_the_signer(
    genuine: bytes, place: float, bits: int
) -> None:
    """Either refused in an orderly way, or the byte meant nothing (as an unsigned one may)."""
    changed = bytearray(genuine)
    changed[int(place * len(changed))] ^= bits
    try:
        outcome: str = verify(bytes(changed)).national_id
    except pki.Refused as refused:
        outcome = refused.code
    assert outcome in {*CODES, ELIF.national_id}


def test_a_card_that_plays_authority_is_refused(signing: Signing) -> None:
    own = signing.certificate()
    now = datetime.now(UTC)
    forged = x509.CertificateBuilder(
        issuer_name=own.subject,
        subject_name=x509.Name(
            [
                x509.NameAttribute(NameOID.SERIAL_NUMBER, ZEYNEP.national_id),
                x509.NameAttribute(NameOID.COMMON_NAME, ZEYNEP.full_name),
            ]
        ),
        public_key=signing.key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - DAY,
        not_valid_after=now + DAY,
    ).sign(signing.key, hashes.SHA256())
    signer = cades.key_signer(signing.key, forged, [own, *signing.authority.chain])
    assert refusal(cades.sign(signer, TEXT)) == "untrusted"
