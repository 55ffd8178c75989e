"""How PayPal signs. Facts: developer.paypal.com ("Webhooks", "Verify webhook signature") and paypalrestsdk 1.13.

It signs with a key of its own, whose certificate lies at an address that the message names, on hosts of its own. For
the body stands its CRC-32, which nobody guesses wrong by chance, but which can be had for another body: that the body
is whole rests on the way here as well.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import TYPE_CHECKING
from zlib import crc32

from msgspec.structs import replace

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Reason, Rejected, Wanting
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.certificates import DIGICERT_EV, is_signature, issuer_address, key_of
from shopwatch.providers.kit.check import Signed
from shopwatch.providers.kit.reading import moment
from shopwatch.providers.kit.sample import iso
from shopwatch.providers.kit.signature import MOST_TRIED

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

HOSTS = frozenset({"api.paypal.com", "api-m.paypal.com", "api.sandbox.paypal.com", "api-m.sandbox.paypal.com"})
"""Where its certificates lie."""

ISSUERS = frozenset({"cacerts.digicert.com"})
"""Where the certificates of those lie who issue PayPal's."""

_ISSUER = re.compile(r"https?://cacerts\.digicert\.com(/[A-Za-z0-9_-]{1,100}\.crt)", re.ASCII)
_CERTIFICATE = re.compile(
    r"https://api(?:-m)?(?:\.sandbox)?\.paypal\.com/v1/notifications/certs/[A-Za-z0-9_-]{1,100}", re.ASCII
)
_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_TIME = re.compile(r"[0-9T:.Z+-]{10,40}", re.ASCII)
_DOMAIN = ".paypal.com"
_ALGORITHM = "SHA256withRSA"
_SHORTEST = 256  # bytes of a signature by a key of 2048 bits; shorter keys are not believed
_REQUIRED = ("PAYPAL-TRANSMISSION-ID", "PAYPAL-CERT-URL", "PAYPAL-AUTH-ALGO")
PRACTICE_CERTIFICATE = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-00000000"


def is_own_certificate(url: str) -> bool:
    """Whether this is the address of a certificate on PayPal's own hosts, and nothing else."""
    return _CERTIFICATE.fullmatch(url) is not None


def is_trusted(pem: str, trust: str, at: Instant) -> bool:
    """Whether a certificate at one of those addresses is to be believed at `at`; `trust` as in `Secrets`."""
    return _parse_key(pem, trust, at) is not None


def issuer_of(pem: str) -> str:
    """The address of the issuer's certificate, where the one at hand does not bring it; empty if there is none."""
    named = _ISSUER.fullmatch(issuer_address(pem))
    return f"https://cacerts.digicert.com{named[1]}" if named else ""


class Transmission:
    """The id and the time of the sending, the webhook's id, and the body are signed. The secret is the webhook's id.

    PayPal alone can sign for real; whoever stands in for it puts a private key behind the id: a blank, and PKCS #8 in
    base64.
    """

    def applies(self, request: Request) -> bool:
        return bool(request.headers.only("PAYPAL-TRANSMISSION-SIG"))

    def check(self, request: Request, secrets: Secrets, now: Instant, _options: Options) -> Signed | Rejected | Wanting:
        headers = request.headers
        sent = headers.only("PAYPAL-TRANSMISSION-SIG")
        if not sent:
            return Rejected(Reason.SIGNATURE_MISSING)
        for name in _REQUIRED:
            if not headers.only(name):
                return Rejected(Reason.HEADER_MISSING, name)
        written = headers.only("PAYPAL-TRANSMISSION-TIME") or ""
        at = moment({"at": written}, "at", otherwise=-1)
        if not written:
            return Rejected(Reason.TIMESTAMP_MISSING)
        if at < 0 or not _TIME.fullmatch(written):
            return Rejected(Reason.TIMESTAMP_MALFORMED)
        sending, signature = headers.only("PAYPAL-TRANSMISSION-ID") or "", _decoded_bytes(sent)
        if signature is None or len(signature) < _SHORTEST or not _ID.fullmatch(sending):
            return Rejected(Reason.SIGNATURE_MALFORMED)
        if headers.only("PAYPAL-AUTH-ALGO") != _ALGORITHM:
            return Rejected(Reason.SIGNATURE_MALFORMED)
        url = headers.only("PAYPAL-CERT-URL") or ""
        if not is_own_certificate(url):
            return Rejected(Reason.CERTIFICATE)
        held = secrets.at(now)[:MOST_TRIED]
        if not held:
            return Rejected(Reason.SIGNATURE_MISMATCH)
        if url not in secrets.certificates:
            return Wanting(url)
        key = _parse_key(secrets.certificates[url], secrets.trust, now)
        if key is None:
            return Rejected(Reason.CERTIFICATE)
        signed = (_signed_bytes(sending, written, secret, request.body) for secret in held)
        if not any(is_signature(key, signature, each) for each in signed):
            return Rejected(Reason.SIGNATURE_MISMATCH)
        return Signed(at)

    def sign(self, request: Request, secret: str, at: Instant, message_id: str, _options: Options) -> Request | None:
        private = _decoded_bytes(secret.partition(" ")[2])
        if private is None:
            return None
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import load_der_private_key

        try:
            key = load_der_private_key(private, None, unsafe_skip_rsa_key_validation=True)
        except ValueError:
            return None
        if not isinstance(key, RSAPrivateKey):
            return None
        sending, written = sha256(message_id.encode("utf-8", "replace")).hexdigest()[:36], iso(at)
        signature = key.sign(_signed_bytes(sending, written, secret, request.body), PKCS1v15(), SHA256())
        headers = {
            "PAYPAL-TRANSMISSION-ID": sending,
            "PAYPAL-TRANSMISSION-TIME": written,
            "PAYPAL-TRANSMISSION-SIG": b64encode(signature).decode(),
            "PAYPAL-CERT-URL": PRACTICE_CERTIFICATE,
            "PAYPAL-AUTH-ALGO": _ALGORITHM,
            "PAYPAL-AUTH-VERSION": "v2",
        }
        return replace(request, headers=Headers((*request.headers.lines, *Headers.of(headers).lines)))


def _parse_key(pem: str, trust: str, at: Instant) -> "RSAPublicKey | None":
    return key_of(pem, f"{DIGICERT_EV}\n{trust}", _DOMAIN, at)


def _signed_bytes(sending: str, written: str, secret: str, body: bytes) -> bytes:
    webhook_id = secret.partition(" ")[0]
    return f"{sending}|{written}|{webhook_id}|{crc32(body)}".encode("utf-8", "replace")


def _decoded_bytes(written: str) -> bytes | None:
    """Only the one exact spelling counts."""
    try:
        found = b64decode(written, validate=True)
    except (NotBase64, ValueError):
        return None
    return found if found and b64encode(found).decode() == written else None
