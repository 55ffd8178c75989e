"""Ways of checking that belong to no sender, for `shopwatch verify`: a password, a token, a list of addresses."""

from dataclasses import dataclass

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.addresses import readable_ranges, sender, within
from shopwatch.providers.kit.check import Check, Signed
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.token import BASIC, Token, in_header
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords

_NO_WORDS = SetupWords(does="", settings_url="", menu="", address_label="", secret_label="", events=())


@dataclass(frozen=True, slots=True)
class StaticToken:
    """A token in the header, and behind the scheme, that the options name."""

    def applies(self, _request: Request) -> bool:
        return True

    def check(self, request: Request, secrets: Secrets, now: Instant, options: Options) -> Signed | Rejected:
        return _header_token(options).check(request, secrets, now, options)

    def sign(self, request: Request, secret: str, at: Instant, message_id: str, options: Options) -> Request | None:
        return _header_token(options).sign(request, secret, at, message_id, options)


def _header_token(options: Options) -> Token:
    return in_header(options.get("header") or "Authorization", options.get("scheme", ""))


@dataclass(frozen=True, slots=True)
class IpAllowList:
    """A request from one of the addresses that the options allow, heard by itself or through proxies they trust."""

    def applies(self, _request: Request) -> bool:
        return True

    def check(self, request: Request, _secrets: Secrets, now: Instant, options: Options) -> Signed | Rejected:
        proxies = readable_ranges(options.get("trusted_proxies", ""))
        found = sender(request.remote_addr, request.headers, proxies)
        allowed = readable_ranges(options.get("allowed", ""))
        return Signed(now) if found is not None and within(found, allowed) else Rejected(Reason.ADDRESS)

    def sign(self, _request: Request, _secret: str, _at: Instant, _id: str, _options: Options) -> Request | None:
        return None


def _draft_message(_kind: Kind, _sample: Sample, _at: Instant) -> PracticeDraft:
    return PracticeDraft(b"{}", "")


def _make_provider(check_id: str, name: str, recipe: Check, assurance: Assurance, *options: Option) -> Provider:
    return Provider(
        id=check_id,
        name=name,
        tile="",
        setup=_NO_WORDS,
        recipe=recipe,
        assurance=assurance,
        secretless=assurance is Assurance.ADDRESS,
        reads=lambda _: {},
        readers={},
        draft=_draft_message,
        practises=(),
        options=options,
    )


BASIC_AUTH = _make_provider("basic-auth", "HTTP Basic", BASIC, Assurance.TOKEN)
STATIC_TOKEN = _make_provider(
    "static-token",
    "Static token",
    StaticToken(),
    Assurance.TOKEN,
    Option("header", "Header"),
    Option("scheme", "Scheme"),
)
IP_ALLOWLIST = _make_provider(
    "ip-allowlist",
    "Address list",
    IpAllowList(),
    Assurance.ADDRESS,
    Option("allowed", "Allowed addresses", required=True),
    Option("trusted_proxies", "Trusted proxies"),
)
