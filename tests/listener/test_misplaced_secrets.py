"""docs/attacks.md, D19 and P19: a right secret in the wrong place is not kept, and its message can be judged again."""

import base64
import html
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from msgspec.structs import replace

from shopwatch.domain.errors import Outage
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.source import Options, Secrets, Source
from shopwatch.host.paths import Paths
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.listener.intake import Intake
from shopwatch.listener.routes import ReadyRoute, UnavailableRoute
from shopwatch.providers import PROVIDERS
from shopwatch.providers.doctor.doctor import diagnose
from shopwatch.providers.kit.token import shows_seal
from shopwatch.providers.provider import Provider
from shopwatch.secrets.redaction import redact
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from tests.listener import loopback
from tests.providers.cases import BY_ID, NOW, OPTIONS, options_of, secret_of

NASTY = "p@ss\"w<o>r&d'/é+= made-up-and-long"
URL = "https://shop.example/in/x"


def misplacements(sent: Request, secret: str) -> Iterator[Request]:
    """One message for each place in which an owner or a sender may put a secret by mistake."""
    in_url, basic = quote(secret, safe=""), base64.b64encode(f"shop:{secret}".encode()).decode()
    for name, value in (
        ("X-Key", secret),
        ("Authorization", f"Bearer {secret}"),
        ("Authorization", f"Basic {basic}"),
        ("Cookie", f"session={quote_plus(secret)}; a=b"),
        ("User-Agent", f"sender/1.0 ({secret})"),
        ("X-Hex", secret.encode().hex()),
        ("X-Hex", secret.encode().hex().upper()),
        ("X-Base", base64.urlsafe_b64encode(secret.encode()).decode()),
        ("Referer", f"{URL}?key={in_url}"),
    ):
        lines = tuple(line for line in sent.headers.lines if line[0].lower() != name.lower().encode())
        yield replace(sent, headers=Headers((*lines, (name.encode(), value.encode()))))
    small = re.sub("%..", lambda found: found[0].lower(), in_url)
    joint = "&" if "?" in sent.url else "?"
    for query in (f"k={in_url}", f"secret={quote_plus(secret)}", f"token={small}", f"x={quote(basic, safe='')}"):
        yield replace(sent, url=f"{sent.url}{joint}{query}")
    for body in (
        json.dumps({"secret": secret}),
        json.dumps({"nested": [{"key": secret}]}, ensure_ascii=False),
        json.dumps({"page": html.escape(secret)}),
        html.escape(secret, quote=False),
        f"a=b&password={quote_plus(secret)}",
        f'--b\r\nContent-Disposition: form-data; name="k"\r\n\r\n{secret}\r\n--b--\r\n',
        json.dumps({"data": base64.b64encode(json.dumps({"key": secret}).encode()).decode()}),
    ):
        yield replace(sent, body=body.encode())


def traces(secret: str) -> list[bytes]:
    """How the secret would look in what is kept; written out here, and not asked of what covers it."""
    raw = secret.encode()
    whole = [base64.b64encode(bytes(lead) + raw).decode()[(lead * 8 + 5) // 6 :] for lead in range(3)]
    texts = [secret, raw.hex(), raw.hex().upper(), quote(secret, safe=""), quote_plus(secret), html.escape(secret)]
    texts += [json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(secret, quote=False)]
    texts += [each.rstrip("=")[:-2] for each in whole]
    return [each.encode() for each in dict.fromkeys(texts)]


def sources() -> list[tuple[Provider, Options, str]]:
    described = {key: value for key, value in OPTIONS["custom"].items() if "header" not in key and key != "signed"}
    found: list[tuple[Provider, Options, str]] = [
        (each, options_of(each), secret_of(each)) for each in PROVIDERS if not each.secretless
    ]
    for place in ("header", "query", "body"):
        options = described | {"method": "token", "token_in": place, "token_name": "key"}
        found += [(BY_ID["custom"], options, NASTY), (BY_ID["custom"], options, "plain-and-made-up-secret")]
    return [*found, (BY_ID["custom"], OPTIONS["custom"], NASTY)]


def parts(secret: str) -> list[bytes]:
    return traces(secret) if len(secret) < 200 else [secret.encode()]


@pytest.mark.parametrize(("known", "options", "secret"), sources(), ids=[each.id for each, _, _ in sources()])
def test_whatever_is_kept_shows_no_secret_and_can_be_judged_again(
    known: Provider, options: Options, secret: str
) -> None:
    held = Secrets((secret,))
    plain = Request("POST", URL, Headers.of({"Content-Type": "application/json"}), b'{"id":"1"}')

    for sent in misplacements(plain, secret):
        verdict = known.judge(sent, held, NOW, options)
        kept = known.kept(sent, verdict, options, held)
        told = known.without_secrets(sent, verdict, options, held)

        for trace in parts(secret):
            assert trace not in repr(kept).encode() + kept.body
            assert all(trace not in value for _, value in kept.headers.lines)
            assert trace not in repr(told).encode()
        if isinstance(verdict, Rejected) and verdict.reason is not Reason.TOKEN_MISMATCH:
            assert known.restored(kept, held, options) == sent


def test_a_signed_message_with_the_key_in_it_fits_again_for_who_holds_the_key() -> None:
    known, secret = BY_ID["standard-webhooks"], secret_of(BY_ID["standard-webhooks"])
    draft = known.practise(known.practises[0], secret, NOW, 7, url=URL)
    body = json.dumps({"type": "x", "k": secret}).encode()
    bare = replace(draft, headers=Headers(draft.headers.lines[:1]), body=body)
    sent = known.recipe.sign(bare, secret, NOW, "msg_1", {})
    assert sent is not None
    wrong, right = Secrets(("whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC0wMQ==", secret)), Secrets((secret,))
    late = NOW + 3_600_000

    refused = known.judge(sent, wrong, late)
    kept = known.kept(sent, refused, {}, wrong)

    assert isinstance(refused, Rejected)
    assert secret.encode() not in kept.body
    assert isinstance(known.judge_kept(kept, right, NOW), Accepted)
    unknown = diagnose(known, kept, Secrets(("whsec_dGhpcmQtc2VjcmV0LXRoaXJkLXNlY3JldC0wMQ==",)), NOW)
    assert unknown.sentence.startswith("The message showed a secret, which ShopWatch does not keep")
    accepted = known.judge(sent, right, NOW)
    assert isinstance(accepted, Accepted)
    assert not shows_seal(known.kept(sent, accepted, {}, right))


async def test_nothing_on_disk_or_in_a_backup_shows_one(tmp_path: Path) -> None:
    redact("sk_live_key-of-the-same-shop-made-up")
    shop = await open_shop(Paths(tmp_path / "data"), vault=MemoryVault())
    intake = Intake(shop.ledger)
    routes = []
    for known, options, secret in sources():
        held = Secrets((secret,), (f"old-{secret[::2]}-replaced",), 1)
        made = await shop.connections.add(known.id, options=dict(options))
        routes.append(ReadyRoute(made, known, held))
    sent = 0
    for route in routes:
        plain = Request("POST", URL, Headers.of({"Content-Type": "application/json"}), b'{"id":"1"}')
        for secret in (route.secrets.current[0], route.secrets.previous[0], "sk_live_key-of-the-same-shop-made-up"):
            for message in misplacements(plain, secret):
                await intake.settle(route, message)
                sent += 1
    await shop.ledger.durability()
    assert sent > 500
    kept: list[str] = []
    after = None
    while rows := await shop.ledger.inbox.page(InboxQuery(), after):
        kept += [repr(await shop.ledger.inbox.get(row.id)) for row in rows]
        after = rows[-1].place
    shown = "".join(kept)
    assert len(kept) > 200
    await shop.backups.write(tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as backup:
        shown += "".join(backup.read(name).decode("latin-1") for name in backup.namelist())
    live = b"".join(file.read_bytes() for file in sorted((tmp_path / "data").rglob("*")) if file.is_file())
    assert b"***" in live
    await shop.close()
    written = b"".join(file.read_bytes() for file in sorted((tmp_path / "data").rglob("*")) if file.is_file())
    for route in routes:
        for secret in (route.secrets.current[0], route.secrets.previous[0], "sk_live_key-of-the-same-shop-made-up"):
            for trace in parts(secret):
                assert trace not in live, trace
                assert trace not in written
                assert trace not in shown.encode()


async def test_a_greeting_is_kept_bare_while_the_secret_cannot_be_read(tmp_path: Path) -> None:
    shop = await open_shop(Paths(tmp_path / "data"), vault=MemoryVault())
    known = next(each for each in PROVIDERS if "HEAD" in each.tried_by)
    made = await shop.connections.add(known.id)
    shut = UnavailableRoute(Source(made.id, known.id, "x", made.path, 0), Outage("locked", code="vault-locked"), known)
    secret = "secret-nobody-can-read-now"
    asked = Request("HEAD", f"{URL}?k={secret}", Headers.of({"X-Key": secret}), b"")

    answer = await Intake(shop.ledger).settle(shut, asked)
    await shop.ledger.durability()

    assert answer.status == 200
    written = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert secret.encode() not in written
    await shop.close()


async def test_a_secret_that_is_stored_later_is_covered_in_what_was_refused_before(tmp_path: Path) -> None:
    vault, right = MemoryVault(), "the-right-secret-of-the-sender"
    shop = await open_shop(Paths(tmp_path / "data"), vault=vault)
    described = {key: value for key, value in OPTIONS["custom"].items() if "header" not in key and key != "signed"}
    told = described | {"method": "token", "token_in": "header", "token_name": "key"}
    made = await shop.connections.add("custom", options=told)
    await shop.connections.set_secrets(made.id, ("mistyped-secret-of-the-owner",))
    known = BY_ID["custom"]
    shown = known.practise(known.practises[0], right, NOW, 7, url=URL, options=told | {"token_in": "query"})
    route = ReadyRoute(made, known, await shop.connections.secrets_of(made.id))
    assert (await Intake(shop.ledger).settle(route, shown)).status == 401
    await shop.ledger.durability()

    await shop.connections.set_secrets(made.id, (right,))

    written = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert right.encode() not in written
    assert await shop.review.all() == (1, 0)
    await shop.connections.set_options(made.id, told | {"token_in": "query"})
    assert await shop.review.all() == (1, 1)
    await shop.close()


async def test_what_comes_over_the_wire_is_kept_without_it() -> None:
    async with loopback.shop() as shop:
        body = json.dumps({"key": loopback.SECRET}).encode()
        lines = (f"X-Key: {loopback.SECRET}", f"Content-Length: {len(body)}")
        head = loopback.head(f"/in/first?k={loopback.SECRET}", *lines)
        refused = await loopback.send(shop.port, head + body)
        counted = await loopback.send(shop.port, loopback.sale(1, f"Cookie: k={loopback.SECRET}"))
        kept = [delivery.request for delivery, _ in shop.book.kept]

    assert refused is not None
    assert counted is not None
    assert (refused.status, counted.status) == (401, 200)
    assert len(kept) == 2
    assert loopback.SECRET not in repr(kept)
