"""Whoever knows about revocation is asked, believed only if genuine, and never done without."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from kaysis.accounts import pki
from kaysis.accounts.pki import fetching, revocation
from kaysis.counterparts import cades
from kaysis.counterparts.ca import Authority, Server, serving
from kaysis.counterparts.certificates import Profile
from tests.cache import forget
from tests.signing import ELIF, Signing

TEXT = b"Bu metni imzalayarak giris yapiyorum."
ONLY_CRL, ONLY_OCSP = Profile(ocsp=False), Profile(crl=False)


def outcome(signature: bytes) -> str:
    """`ok`, or the code of the refusal."""
    try:
        pki.verify_signature(signature, TEXT, datetime.now(UTC))
    except pki.Refused as refused:
        return refused.code
    return "ok"


@contextmanager
def stopped_responder(signing: Signing, tmp_path: Any, settings: Any) -> Iterator[Signing]:
    """An authority of its own, trusted, whose server can be taken away."""
    server = Server()
    server.authority = Authority.create(tmp_path, server.url)
    settings.SIGNATURE_TRUST_ANCHORS = str(server.authority.anchors)
    own = Signing(server.authority, signing.foreign, signing.tokens, signing.key)
    with serving(server):
        yield own


@pytest.mark.parametrize("profile", [ONLY_CRL, ONLY_OCSP], ids=["crl", "ocsp"])
def test_one_source_is_enough_if_it_is_the_only_one(signing: Signing, profile: Profile) -> None:
    assert outcome(signing.sign(TEXT, signing.certificate(profile=profile))) == "ok"


@pytest.mark.parametrize("knows", ["crl", "ocsp"])
@pytest.mark.parametrize("names_both", [True, False])
def test_one_that_knows_of_a_revocation_is_enough(
    signing: Signing, knows: str, names_both: bool
) -> None:
    only = {"crl": ONLY_CRL, "ocsp": ONLY_OCSP}[knows]
    certificate = signing.certificate(profile=Profile() if names_both else only)
    signature = signing.sign(TEXT, certificate)
    signing.authority.revoke(certificate, crl=knows == "crl", ocsp=knows == "ocsp")
    assert outcome(signature) == "revoked"


def test_a_revocation_counts_also_for_a_moment_before_it(signing: Signing) -> None:
    certificate = signing.certificate()
    signature = signing.sign(TEXT, certificate)
    signing.authority.revoke(certificate)
    before = datetime.now(UTC) - timedelta(hours=1)
    with pytest.raises(pki.Refused) as refused:
        pki.verify_signature(signature, TEXT, before)
    assert refused.value.code == "revoked"


def test_with_its_authority_a_certificate_is_revoked(signing: Signing, settings, tmp_path) -> None:
    with stopped_responder(signing, tmp_path, settings) as own:
        signature = own.sign(TEXT, own.certificate())
        own.authority.revoke(own.authority.issuing)
        assert outcome(signature) == "revoked"


def test_lists_in_a_directory_are_passed_over(signing: Signing) -> None:
    """Some authorities name an LDAP directory besides the address that everybody can ask."""
    certificate = with_list_at(signing, "ldap://directory.example/cn=list", also_http=True)
    assert outcome(signing.sign(TEXT, certificate)) == "ok"
    alone = with_list_at(signing, "ldap://directory.example/cn=list")
    assert outcome(signing.sign(TEXT, alone)) == "revocation_unknown"


def with_list_at(signing: Signing, url: str, *, also_http: bool = False) -> x509.Certificate:
    """Like a card's certificate, with distribution points of its own."""
    template = signing.certificate(profile=ONLY_OCSP)
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=template.issuer,
        subject_name=template.subject,
        public_key=template.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=1),
    )
    for extension in template.extensions:
        builder = builder.add_extension(extension.value, critical=extension.critical)
    urls = [url, f"{signing.authority.base_url}/nes.crl"] if also_http else [url]
    points = [
        x509.DistributionPoint([x509.UniformResourceIdentifier(one)], None, None, None)
        for one in urls
    ]
    builder = builder.add_extension(x509.CRLDistributionPoints(points), critical=False)
    return builder.sign(signing.authority._issuing_key, hashes.SHA256())


def test_a_certificate_that_names_nobody_is_refused(signing: Signing) -> None:
    silent = signing.certificate(profile=Profile(crl=False, ocsp=False))
    assert outcome(signing.sign(TEXT, silent)) == "revocation_unknown"


def test_an_unreachable_authority_is_a_refusal(signing: Signing, settings, tmp_path) -> None:
    with stopped_responder(signing, tmp_path, settings) as own:
        signatures = [
            own.sign(TEXT, own.certificate(profile=profile))
            for profile in (Profile(), ONLY_CRL, ONLY_OCSP)
        ]
        assert outcome(signatures[0]) == "ok"
    forget()
    assert [outcome(signature) for signature in signatures] == ["revocation_unknown"] * 3


def test_answers_are_kept_for_a_while(signing: Signing, settings, tmp_path) -> None:
    with stopped_responder(signing, tmp_path, settings) as own:
        both = own.sign(TEXT, own.certificate())
        listed = own.sign(TEXT, own.certificate(profile=ONLY_CRL))
        assert outcome(both) == outcome(listed) == "ok"
    # Nobody answers now.
    assert outcome(both) == outcome(listed) == "ok"


def test_an_answer_is_not_kept_beyond_its_own_end(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, float] = {}
    monkeypatch.setattr(
        revocation.cache, "set", lambda key, _data, seconds: kept.update({key: seconds})
    )
    monkeypatch.setattr(revocation, "KEEP_CRL", timedelta(days=7))
    monkeypatch.setattr(revocation, "KEEP_OCSP", timedelta(days=7))
    assert outcome(signing.sign(TEXT, signing.certificate())) == "ok"
    lists = [seconds for key, seconds in kept.items() if ":crl:" in key]
    responses = [seconds for key, seconds in kept.items() if ":ocsp:" in key]
    assert [round(seconds / 60) for seconds in lists] == [60, 60]
    assert [round(seconds / 60) for seconds in responses] == [5]


# --- Answers that are not genuine ------------------------------------------------------------


def answer_with(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[str, bytes], bytes]
) -> list[str]:
    """What comes back from every address goes through `change(url, answer)`; returns the urls."""
    asked: list[str] = []

    def fetch(url: str, **how: Any) -> bytes:
        asked.append(url)
        return change(url, fetching.fetch(url, **how))

    monkeypatch.setattr(revocation, "fetch", fetch)
    return asked


def test_all_named_sources_of_the_whole_chain_are_asked(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer_with(monkeypatch, lambda _url, answer: answer)
    assert outcome(signing.sign(TEXT, signing.certificate())) == "ok"
    base = signing.authority.base_url
    assert asked == [f"{base}/kok.crl", f"{base}/nes.crl", f"{base}/ocsp"]


def test_nobody_is_asked_about_a_signature_that_is_wrong(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer_with(monkeypatch, lambda _url, answer: answer)
    certificate = signing.foreign.issue(signing.key.public_key(), ELIF)
    signer = cades.key_signer(signing.key, certificate, signing.foreign.chain)
    assert outcome(cades.sign(signer, TEXT)) == "untrusted"
    assert outcome(signing.sign(b"other", signing.certificate())) == "content"
    assert asked == []


@pytest.mark.parametrize("spoilt", ["kok.crl", "nes.crl", "ocsp"])
@pytest.mark.parametrize(
    "change",
    [lambda _: b"", lambda _: b"<html></html>", lambda answer: answer[:-40] + bytes(40)],
    ids=["empty", "html", "signature"],
)
def test_a_spoilt_answer_is_a_refusal(
    signing: Signing,
    monkeypatch: pytest.MonkeyPatch,
    spoilt: str,
    change: Callable[[bytes], bytes],
) -> None:
    answer_with(monkeypatch, lambda url, answer: change(answer) if url.endswith(spoilt) else answer)
    assert outcome(signing.sign(TEXT, signing.certificate())) == "revocation_unknown"


def test_answers_of_a_foreign_authority_are_a_refusal(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = signing.certificate()
    signature = signing.sign(TEXT, certificate)
    foreign = signing.foreign
    asked = ocsp.OCSPRequestBuilder().add_certificate(
        certificate, signing.authority.issuing, hashes.SHA1()
    )
    request = asked.build().public_bytes(serialization.Encoding.DER)
    for end, answer in (("nes.crl", foreign.crl()), ("ocsp", foreign.ocsp(request))):
        forget()
        answer_with(
            monkeypatch,
            lambda url, genuine, end=end, answer=answer: answer if url.endswith(end) else genuine,
        )
        assert outcome(signature) == "revocation_unknown"


def test_the_answer_about_somebody_else_is_a_refusal(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A responder's genuine `good` for another certificate says nothing about a revoked one."""
    revoked = signing.certificate(profile=ONLY_OCSP)
    signing.authority.revoke(revoked)
    other = ocsp.OCSPRequestBuilder().add_certificate(
        signing.certificate(), signing.authority.issuing, hashes.SHA1()
    )
    good = signing.authority.ocsp(other.build().public_bytes(serialization.Encoding.DER))
    answer_with(monkeypatch, lambda url, answer: good if url.endswith("ocsp") else answer)
    assert outcome(signing.sign(TEXT, revoked)) == "revocation_unknown"


@pytest.mark.parametrize(("profile", "source"), [(ONLY_CRL, "nes.crl"), (ONLY_OCSP, "ocsp")])
def test_an_old_answer_is_a_refusal(
    signing: Signing, monkeypatch: pytest.MonkeyPatch, profile: Profile, source: str
) -> None:
    """Genuine when it was made, and replayed after its `nextUpdate`, when much may have changed."""
    certificate = signing.certificate(profile=profile)
    signature = signing.sign(TEXT, certificate)
    answers: dict[str, bytes] = {}
    answer_with(monkeypatch, answers.setdefault)
    assert outcome(signature) == "ok"
    signing.authority.revoke(certificate)
    forget()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2), tick=False):
        genuine = fetching.fetch(f"{signing.authority.base_url}/kok.crl", limit=10_000)
        answers[f"{signing.authority.base_url}/kok.crl"] = genuine
        assert outcome(signature) == "revocation_unknown"
    assert any(url.endswith(source) for url in answers)


def test_one_verification_costs_little(signing: Signing) -> None:
    """In processor time, with answers kept: what a sign-in costs a server besides the network."""
    signature = signing.sign(TEXT, signing.certificate())
    assert outcome(signature) == "ok"
    start = time.process_time()
    for _ in range(10):
        assert outcome(signature) == "ok"
    assert (time.process_time() - start) / 10 < 0.2
