"""What Ko-fi tells, and the one place where its token may stand."""

import json
from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from tests.providers.cases import BY_ID, URL, judge, judged, practice, rejected, secret_of
from tests.providers.senders.said import FORM

KOFI = BY_ID["kofi"]


def kofi(**data: Any) -> Event:
    told = {"message_id": "M1", "type": "Donation", "kofi_transaction_id": "T1", "amount": "3.00", "currency": "USD"}
    return judged(KOFI, urlencode({"data": json.dumps(told | data)}).encode(), **FORM)


def test_kofis_samples_are_no_money() -> None:
    assert kofi().live
    sample = kofi(kofi_transaction_id="00000000-1111-2222-3333-444444444444")
    assert (sample.kind, sample.live) == (Kind.SALE, False)


def test_kofis_token_may_stand_in_one_place_alone() -> None:
    token = json.dumps({"verification_token": secret_of(KOFI)})
    wrong = json.dumps({"verification_token": "wrong"})
    for body in (
        urlencode([("data", wrong), ("data", token)]),
        urlencode([("data", token), ("data", wrong)]),
        urlencode({"verification_token": secret_of(KOFI)}),
        urlencode({"data": f'{{"verification_token":"wrong","verification_token":"{secret_of(KOFI)}"}}'}),
        urlencode({"data": json.dumps({"verification_token": [secret_of(KOFI)]})}),
        urlencode({"data": "null"}),
        token,
    ):
        assert rejected(judge(KOFI, Request("POST", URL, Headers.of(FORM), body.encode())))


def test_kofis_token_is_not_kept() -> None:
    request = practice(KOFI)
    verdict = judge(KOFI, request)

    kept = KOFI.kept(request, verdict, {})

    assert secret_of(KOFI).encode() not in kept.body.replace(b"%3D", b"=")
    assert KOFI.reads(kept) | {"verification_token": ""} == KOFI.reads(request) | {"verification_token": ""}
