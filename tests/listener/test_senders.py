"""Every sender there is, heard over a real connection: what it sends is read, whatever it is written in."""

from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shopwatch.domain.facts import Outcome
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.ledger import Ledger
from shopwatch.listener.probes import Probes
from shopwatch.listener.routes import Routes
from shopwatch.listener.server import Listener
from shopwatch.providers import PROVIDERS
from shopwatch.providers.provider import Provider
from shopwatch.runtime.clock import now
from tests.ledger.arrivals import written
from tests.listener.loopback import PUBLIC, Keys, head, send
from tests.providers.cases import certified, keys_of, options_of, secret_of

_TELLING_BOTH = frozenset({"woocommerce", "wix"})
"""Whose message of a refund tells the sale as well."""


@pytest.mark.parametrize("known", PROVIDERS, ids=lambda each: each.id)
async def test_all_that_a_sender_tells_comes_in(tmp_path: Path, known: Provider) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    options = dict(options_of(known))
    source = await ledger.sources.add(known.id, known.id, options)
    listener = Listener(
        Routes(ledger.sources, Keys({source.id: certified(keys_of(known))})), ledger, Probes(), lambda: PUBLIC
    )
    await listener.start(0)
    # What nobody signs comes in as practice: of its own it is a hint.
    nonces = iter(await ledger.sources.issue_practice(source.id, len(known.practises)) if known.secretless else ())
    answers = []
    for seed, kind in enumerate(known.practises):
        sent = known.practise(kind, secret_of(known), now(), seed, url=f"{PUBLIC}{source.path}", options=options)
        parts = urlsplit(sent.url)
        lines = [f"{name.decode()}: {value.decode()}" for name, value in sent.headers.lines]
        lines += [f"ShopWatch-Practice: {nonce}" for nonce in islice(nonces, 1)]
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        reply = await send(
            listener.port, head(target, *lines, f"Content-Length: {len(sent.body)}") + sent.body, bodiless=True
        )
        assert reply
        answers.append(reply.status)
    await written(ledger)
    rows = await ledger.inbox.page(InboxQuery())
    await listener.stop(1)
    ledger.close()

    assert all(200 <= status < 300 for status in answers)
    told = [row.kind for row in reversed(rows)]
    # A message may tell more beside what it is about, as that of a refund does of its sale, which was told before.
    assert list(dict.fromkeys(told)) == list(known.practises)
    assert len(told) == len(known.practises) or (known.id in _TELLING_BOTH and len(told) == len(known.practises) + 1)
    assert {row.outcome for row in rows} == {Outcome.ACCEPTED}
