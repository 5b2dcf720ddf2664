"""Building certificates: of authorities, of their responders, of people who do not exist."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)

from kaysis.counterparts.people import Holder

# Marks whatever is issued here, in the subject of every certificate.
ORGANISATION = "KAYSİS ÖRNEK - GERÇEK DEĞİLDİR"
# qcStatements with id-etsi-qcs-QcCompliance (0.4.0.1862.1.1): SEQUENCE { SEQUENCE { OID } }.
_QC_STATEMENTS = x509.UnrecognizedExtension(
    ObjectIdentifier("1.3.6.1.5.5.7.1.3"), bytes.fromhex("300a3008060604008e460101")
)
_TEN_YEARS = timedelta(days=3650)


@dataclass(frozen=True)
class Profile:
    """What an end-entity certificate is good for; the default is a Turkish qualified one."""

    non_repudiation: bool = True
    digital_signature: bool = True
    qualified: bool = True
    crl: bool = True  # names the list
    ocsp: bool = True  # names the responder


QUALIFIED = Profile()


def name(common_name: str) -> x509.Name:
    """The name of an authority or a service of ours."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


@dataclass(frozen=True)
class Issuer:
    """Whoever signs a certificate."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey


def _builder(
    subject: x509.Name,
    key: CertificatePublicKeyTypes,
    issuer: Issuer,
    *,
    begins: datetime | None = None,
    lasts: timedelta = _TEN_YEARS,
) -> x509.CertificateBuilder:
    begins = begins or datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
    )


def of_authority(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer: Issuer,
    *,
    path_length: int = 0,
    crl_url: str = "",
) -> x509.Certificate:
    """A certificate that may sign others, and lists of revoked ones."""
    builder = _builder(subject, key, issuer)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=path_length), critical=True
    ).add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
    if crl_url:
        builder = builder.add_extension(_crl_point(crl_url), critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def of_person(
    key: CertificatePublicKeyTypes,
    issuer: Issuer,
    person: Holder,
    *,
    profile: Profile,
    base_url: str,
    begins: datetime | None,
    lasts: timedelta,
) -> x509.Certificate:
    """A certificate for signing, whose revocation is asked for below `base_url`."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, person.national_id),
            x509.NameAttribute(NameOID.COMMON_NAME, person.full_name),
        ]
    )
    builder = (
        _builder(subject, key, issuer, begins=begins, lasts=lasts)
        .add_extension(_usage(profile), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    if profile.qualified:
        builder = builder.add_extension(_QC_STATEMENTS, critical=False)
    if profile.crl:
        builder = builder.add_extension(_crl_point(f"{base_url}/nes.crl"), critical=False)
    if profile.ocsp:
        builder = builder.add_extension(_responder(f"{base_url}/ocsp"), critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def of_responder(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: Issuer
) -> x509.Certificate:
    """A certificate with which an authority's OCSP responder signs."""
    return (
        _builder(subject, key, issuer)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
        .add_extension(x509.OCSPNoCheck(), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )


def _usage(profile: Profile) -> x509.KeyUsage:
    # A usage that allows nothing is not one: without either, it is for encrypting.
    neither = not (profile.non_repudiation or profile.digital_signature)
    return _key_usage(
        digital_signature=profile.digital_signature,
        content_commitment=profile.non_repudiation,
        key_encipherment=neither,
    )


def _key_usage(**allowed: bool) -> x509.KeyUsage:
    usages = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(**(usages | allowed))


def _crl_point(url: str) -> x509.CRLDistributionPoints:
    names = [x509.UniformResourceIdentifier(url)]
    return x509.CRLDistributionPoints([x509.DistributionPoint(names, None, None, None)])


def _responder(url: str) -> x509.AuthorityInformationAccess:
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(url)
    )
    return x509.AuthorityInformationAccess([access])
