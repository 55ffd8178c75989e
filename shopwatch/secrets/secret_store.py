"""The secrets of sources, and the tunnel's token, in the vault."""

import string
from dataclasses import dataclass, replace

import msgspec

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import phrase, say
from shopwatch.domain.instant import Instant
from shopwatch.domain.source import Secrets
from shopwatch.secrets.redaction import redact
from shopwatch.secrets.vault.vault import Vault

SHORTEST = 12
"""Characters. Eight can be guessed; the shortest that providers give are Dropbox's, with 15."""

_SOURCE = "source/"
_TUNNEL_TOKEN = "tunnel/ngrok"  # noqa: S105 - the item's name, not its value

# What comes along when text is copied from a web page or an e-mail, besides ordinary white space.
_PASTED = string.whitespace + "\u00a0\u200b\u200c\u200d\u2060\ufeff\u202f\u2007"

_PEM = "-----BEGIN "
"""How a key in PEM begins, whose line breaks say nothing (RFC 7468)."""


@dataclass(frozen=True, slots=True, repr=False)
class Pasted:
    """A secret as it will be kept. `said` is what was cleaned off it, as a sentence, or empty."""

    secret: str
    said: str = ""


def cleaned(pasted: str) -> Pasted:
    """`pasted` without what copying adds round it. Raises `UserError` if it cannot be a secret."""
    secret = pasted.strip(_PASTED)
    if secret.startswith(_PEM):
        secret = " ".join(secret.split())
    if not secret:
        raise UserError(
            say("There is no secret here yet."),
            say("Copy it from the provider’s page and paste it again."),
            code="secret-empty",
        )
    if any(not character.isprintable() for character in secret):
        raise UserError(
            say("This secret holds characters that cannot be seen."),
            say("Copy it again, only the secret itself and in one piece."),
            code="secret-unprintable",
        )
    if len(secret) < SHORTEST:
        raise UserError(
            say("This secret is too short to be safe."),
            say("It needs {n} characters or more. Copy all of it.", n=SHORTEST),
            code="secret-short",
        )
    return Pasted(secret, _said(pasted))


def tail(secret: str) -> str:
    """The last 4 characters, which may be shown so that the owner can tell secrets apart."""
    return secret[-4:]


class SecretStore:
    """One vault item for each source, holding all of its secrets, so that the owner is asked once and not often."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def read(self, source_id: str, provider_name: str = "") -> Secrets:
        """The source's secrets. Raises `Outage` if the store cannot be read, or holds none for this source."""
        text = await self._vault.get(_item(source_id))
        if text is None:
            provider = provider_name or source_id
            raise Outage(
                say("There is no secret for {provider} yet.", provider=provider),
                say("Paste it. Until then {provider} is asked to send its messages again later.", provider=provider),
                code="secret-missing",
            )
        return _decoded(text)

    async def write(self, source_id: str, secrets: Secrets) -> None:
        """Replace all secrets of the source. Raises `UserError` if there is none, or one that cannot be a secret."""
        kept = replace(
            secrets,
            current=tuple(cleaned(secret).secret for secret in secrets.current) or (cleaned("").secret,),
            previous=tuple(cleaned(secret).secret for secret in secrets.previous),
        )
        _redact(kept)
        await self._vault.set(_item(source_id), msgspec.json.encode(kept).decode())

    async def rotate(self, source_id: str, new: tuple[str, ...], keep_until: Instant) -> None:
        """Let `new` sign from now on, and accept what was current until `keep_until`."""
        held = await self.read(source_id)
        await self.write(source_id, Secrets(current=new, previous=held.current, previous_until=keep_until))

    async def forget(self, source_id: str) -> None:
        await self._vault.forget(_item(source_id))

    async def tunnel_token(self) -> str | None:
        token = await self._vault.get(_TUNNEL_TOKEN)
        if token:
            redact(token)
        return token

    async def set_tunnel_token(self, pasted: str) -> Pasted:
        """Keep the ngrok token; what was cleaned off it is in the answer."""
        token = cleaned(pasted)
        redact(token.secret)
        await self._vault.set(_TUNNEL_TOKEN, token.secret)
        return token

    async def target_secret(self, target_id: str) -> str | None:
        """The secret of a target: a password, a signing secret, or an address with a token in it."""
        secret = await self._vault.get(_target(target_id))
        if secret:
            redact(_told_apart(secret))
        return secret

    async def set_target_secret(self, target_id: str, secret: str) -> None:
        redact(_told_apart(secret))
        await self._vault.set(_target(target_id), secret)

    async def forget_target_secret(self, target_id: str) -> None:
        await self._vault.forget(_target(target_id))

    async def copy_out(self, source_ids: tuple[str, ...], target_ids: tuple[str, ...] = ()) -> dict[str, str]:
        """Every vault item of these sources and targets and of the tunnel, for an encrypted backup."""
        names = (*map(_item, source_ids), *map(_target, target_ids), _TUNNEL_TOKEN)
        held = {name: await self._vault.get(name) for name in names}
        return {name: value for name, value in held.items() if value is not None}

    async def copy_in(self, items: dict[str, str]) -> None:
        """Put the items of a restored backup into the vault."""
        for name, value in items.items():
            _decoded(value) if name.startswith(_SOURCE) else redact(_told_apart(value))
            await self._vault.set(name, value)


def _item(source_id: str) -> str:
    return _SOURCE + source_id


def _target(target_id: str) -> str:
    return f"target/{target_id}"


def _told_apart(secret: str) -> str:
    """What is secret of an address with a token in it: not the scheme, which many harmless ones share."""
    return secret.partition("://")[2] or secret


def _decoded(text: str) -> Secrets:
    try:
        secrets = msgspec.json.decode(text, type=Secrets)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Outage(
            phrase("A secret in your password store cannot be read."),
            phrase("Paste the secret once more; it takes the place of the broken one."),
            code="secret-broken",
        ) from error
    _redact(secrets)
    return secrets


def _redact(secrets: Secrets) -> None:
    for secret in secrets.current + secrets.previous:
        redact(secret)


def _said(pasted: str) -> str:
    before = len(pasted) - len(pasted.lstrip(_PASTED))
    after = len(pasted) - len(pasted.rstrip(_PASTED))
    if before and after:
        return say("Spaces before and after it were removed.")
    if before:
        return say("A space at the start was removed.")
    return say("A space at the end was removed.") if after else ""
