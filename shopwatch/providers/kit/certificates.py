"""Certificates by which a sender signs: whose they are, and whether a signature is theirs. Times are given, nothing is
fetched."""

import re
import warnings
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from shopwatch.domain.instant import Instant

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509.verification import Store

# cryptography is imported late throughout: most shops never meet a certificate, and the library is slow to load.

_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----", re.ASCII)
_MOST = 1_000


def key_of(pem: str, trust: str, domain: str, at: Instant) -> "RSAPublicKey | None":
    """The key of the first certificate in `pem`; None if it is not to be believed at `at`: it must be valid, of a name
    that ends with `domain`, and issued, by way of the others in `pem`, by one of the certificates in `trust`."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    chain = _certificates(pem)
    if not chain or not _is_named(chain[0], domain) or not _is_issued(chain, trust, at):
        return None
    key = chain[0].public_key()
    return key if isinstance(key, RSAPublicKey) else None


def is_signature(key: "RSAPublicKey", signature: bytes, signed: bytes) -> bool:
    """Whether the owner of `key` made this signature (RSA, PKCS #1 v1.5, SHA-256) of `signed`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def valid_until(pem: str) -> Instant | None:
    """When the first certificate in `pem` ends; None if there is none that can be read."""
    chain = _certificates(pem)
    return int(chain[0].not_valid_after_utc.timestamp() * 1000) if chain else None


def issuer_address(pem: str) -> str:
    """Where, by its own word, the certificate of the last one's issuer in `pem` lies; empty if it does not say."""
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID

    chain = _certificates(pem)
    try:
        told = chain[-1].extensions.get_extension_for_class(x509.AuthorityInformationAccess).value if chain else ()
    except (x509.ExtensionNotFound, ValueError):
        return ""
    places = (each.access_location for each in told if each.access_method == AuthorityInformationAccessOID.CA_ISSUERS)
    return next((each.value for each in places if isinstance(each, x509.UniformResourceIdentifier)), "")


@lru_cache(maxsize=16)
def _certificates(pem: str) -> tuple["x509.Certificate", ...]:
    """Those that can be read. This computer's own may hold some that cannot."""
    from cryptography import x509

    found = []
    with warnings.catch_warnings():
        # Some old roots have serial numbers that the library only grudgingly reads.
        warnings.simplefilter("ignore")
        for block in _BLOCK.findall(pem)[:_MOST]:
            with suppress(ValueError):
                found.append(x509.load_pem_x509_certificate(block.encode()))
    return tuple(found)


@lru_cache(maxsize=4)
def _store(trust: str) -> "Store | None":
    from cryptography.x509.verification import Store

    anchors = _certificates(trust)
    return Store(list(anchors)) if anchors else None


def _is_issued(chain: tuple["x509.Certificate", ...], trust: str, at: Instant) -> bool:
    from cryptography import x509
    from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, VerificationError

    def issues(_policy: object, _certificate: x509.Certificate, extension: x509.BasicConstraints) -> None:
        if not extension.ca:
            raise ValueError

    store = _store(trust)
    if store is None:
        return False
    issuer = ExtensionPolicy.permit_all().require_present(x509.BasicConstraints, Criticality.AGNOSTIC, issues)
    # As a client's, for a server's would have to be of one name that is known before.
    policies = PolicyBuilder().store(store).extension_policies(ca_policy=issuer, ee_policy=ExtensionPolicy.permit_all())
    try:
        timed = policies.time(datetime.fromtimestamp(at / 1000, UTC))
        timed.build_client_verifier().verify(chain[0], list(chain[1:]))
    except (VerificationError, ValueError, OverflowError, OSError):
        # All but the first say that there is no such time.
        return False
    return True


def _is_named(certificate: "x509.Certificate", domain: str) -> bool:
    """Whether its own name and, where there are some, one of its other names are below `domain`."""
    from cryptography import x509

    own = [str(each.value) for each in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
    try:
        others = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        named = own
    except ValueError:
        return False
    else:
        named = others.get_values_for_type(x509.DNSName)
    return all(any(name.lower().endswith(domain) for name in names) for names in (own, named))


DIGICERT_EV = """
-----BEGIN CERTIFICATE-----
MIIEtjCCA56gAwIBAgIQDHmpRLCMEZUgkmFf4msdgzANBgkqhkiG9w0BAQsFADBs
MQswCQYDVQQGEwJVUzEVMBMGA1UEChMMRGlnaUNlcnQgSW5jMRkwFwYDVQQLExB3
d3cuZGlnaWNlcnQuY29tMSswKQYDVQQDEyJEaWdpQ2VydCBIaWdoIEFzc3VyYW5j
ZSBFViBSb290IENBMB4XDTEzMTAyMjEyMDAwMFoXDTI4MTAyMjEyMDAwMFowdTEL
MAkGA1UEBhMCVVMxFTATBgNVBAoTDERpZ2lDZXJ0IEluYzEZMBcGA1UECxMQd3d3
LmRpZ2ljZXJ0LmNvbTE0MDIGA1UEAxMrRGlnaUNlcnQgU0hBMiBFeHRlbmRlZCBW
YWxpZGF0aW9uIFNlcnZlciBDQTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoC
ggEBANdTpARR+JmmFkhLZyeqk0nQOe0MsLAAh/FnKIaFjI5j2ryxQDji0/XspQUY
uD0+xZkXMuwYjPrxDKZkIYXLBxA0sFKIKx9om9KxjxKws9LniB8f7zh3VFNfgHk/
LhqqqB5LKw2rt2O5Nbd9FLxZS99RStKh4gzikIKHaq7q12TWmFXo/a8aUGxUvBHy
/Urynbt/DvTVvo4WiRJV2MBxNO723C3sxIclho3YIeSwTQyJ3DkmF93215SF2AQh
cJ1vb/9cuhnhRctWVyh+HA1BV6q3uCe7seT6Ku8hI3UarS2bhjWMnHe1c63YlC3k
8wyd7sFOYn4XwHGeLN7x+RAoGTMCAwEAAaOCAUkwggFFMBIGA1UdEwEB/wQIMAYB
Af8CAQAwDgYDVR0PAQH/BAQDAgGGMB0GA1UdJQQWMBQGCCsGAQUFBwMBBggrBgEF
BQcDAjA0BggrBgEFBQcBAQQoMCYwJAYIKwYBBQUHMAGGGGh0dHA6Ly9vY3NwLmRp
Z2ljZXJ0LmNvbTBLBgNVHR8ERDBCMECgPqA8hjpodHRwOi8vY3JsNC5kaWdpY2Vy
dC5jb20vRGlnaUNlcnRIaWdoQXNzdXJhbmNlRVZSb290Q0EuY3JsMD0GA1UdIAQ2
MDQwMgYEVR0gADAqMCgGCCsGAQUFBwIBFhxodHRwczovL3d3dy5kaWdpY2VydC5j
b20vQ1BTMB0GA1UdDgQWBBQ901Cl1qCt7vNKYApl0yHU+PjWDzAfBgNVHSMEGDAW
gBSxPsNpA/i/RwHUmCYaCALvY2QrwzANBgkqhkiG9w0BAQsFAAOCAQEAnbbQkIbh
hgLtxaDwNBx0wY12zIYKqPBKikLWP8ipTa18CK3mtlC4ohpNiAexKSHc59rGPCHg
4xFJcKx6HQGkyhE6V6t9VypAdP3THYUYUN9XR3WhfVUgLkc3UHKMf4Ib0mKPLQNa
2sPIoc4sUqIAY+tzunHISScjl2SFnjgOrWNoPLpSgVh5oywM395t6zHyuqB8bPEs
1OG9d4Q3A84ytciagRpKkk47RpqF/oOi+Z6Mo8wNXrM9zwR4jxQUezKcxwCmXMS1
oVWNWlZopCJwqjyBcdmdqEU79OX2olHdx3ti6G8MdOu42vi/hw15UJGQmxg7kVkn
8TUoE6smftX3eg==
-----END CERTIFICATE-----
"""
"""DigiCert SHA2 Extended Validation Server CA, valid until 2028-10-22."""
