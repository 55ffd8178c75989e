"""A certificate authority for tests: it stands in for the one that PayPal's certificates come from."""

from base64 import b64encode
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

PAYPAL_NAME = "messageverificationcerts.paypal.com"
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)


class Authority:
    """Issues certificates by the name `name`; by default for ten years from 2026, and below itself."""

    def __init__(self, name: str = "Test Root", above: "Authority | None" = None, *, ca: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name(name)
        self.above = above or self
        self.certificate = self._issue(self.above, self.name, self.key.public_key(), (BEGIN, END), ca=ca)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def issue(
        self,
        name: str,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
        *others: str,
        begin: datetime = BEGIN,
        end: datetime = END,
        issuer_at: str = "",
    ) -> str:
        """A certificate in PEM for the owner of `key`, of that common name and with the `others` beside it.

        `issuer_at` is where it says that this authority's own certificate lies.
        """
        valid = (begin, end)
        made = self._issue(self, _name(name), key.public_key(), valid, others, ca=False, issuer_at=issuer_at)
        return made.public_bytes(Encoding.PEM).decode()

    @staticmethod
    def _issue(
        issuer: "Authority",
        name: x509.Name,
        key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
        valid: tuple[datetime, datetime],
        others: tuple[str, ...] = (),
        *,
        ca: bool,
        issuer_at: str = "",
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(valid[0])
            .not_valid_after(valid[1])
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if others:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(each) for each in others]), critical=False
            )
        if issuer_at:
            place = x509.UniformResourceIdentifier(issuer_at)
            told = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
            builder = builder.add_extension(x509.AuthorityInformationAccess([told]), critical=False)
        return builder.sign(issuer.key, SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def key_pair() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def signing_secret(webhook_id: str, key: rsa.RSAPrivateKey) -> str:
    """A webhook id with the key by which tests sign in PayPal's place."""
    written = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return f"{webhook_id} {b64encode(written).decode()}"


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """A private key as it is written down."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@cache
def root() -> Authority:
    return Authority()


@cache
def paypal_key() -> rsa.RSAPrivateKey:
    return key_pair()


@cache
def ebay_key() -> str:
    """The private key of the one who stands in for eBay, in PEM."""
    return pem(ec.generate_private_key(ec.SECP256R1()))


def public_half(private: str) -> str:
    """The public half of a private key in PEM."""
    key = load_pem_private_key(private.encode(), None).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@cache
def private_pem() -> str:
    """A private key as a shop that signs its hooks holds it."""
    return pem(key_pair())


@cache
def public_pem() -> str:
    """Its public half, as the shop's owner copies it."""
    return public_half(private_pem())


@cache
def paypal_certificate() -> str:
    return root().issue(PAYPAL_NAME, paypal_key(), PAYPAL_NAME)
