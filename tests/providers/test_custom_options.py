"""Descriptions that cannot be followed are refused in a sentence, and judge nothing."""

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.messages.verdict import Reason, explain
from shopwatch.providers.described.custom import CUSTOM, preview
from shopwatch.providers.described.description_options import OPTIONS
from tests.providers.cases import NOW, rejected
from tests.providers.described import SHOP, judge, request


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"method": ""}, "method"),
        ({"method": "magic"}, "method"),
        ({"method": "token"}, "token_name"),
        ({"method": "token", "token_name": "X Token"}, "token_name"),
        ({"method": "token", "token_name": "Content-Type"}, "token_name"),
        ({"method": "token", "token_in": "body", "token_name": "a..b"}, "token_name"),
        ({"method": "token", "token_name": "X-T", "token_scheme": "two words"}, "token_scheme"),
        ({"method": "hmac"}, "signature_header"),
        ({"signature_header": "ShopWatch-Practice"}, "signature_header"),
        ({"method": "hmac", "signature_header": "X-S", "signature_prefix": "süß="}, "signature_prefix"),
        ({"algorithm": "md4"}, "algorithm"),
        ({"encoding": "base32"}, "encoding"),
        ({"signed": "{timestamp}"}, "signed"),
        ({"signed": "{body}{nonce}"}, "signed"),
        ({"signed": "{body"}, "signed"),
        ({"signed": "{body}é"}, "signed"),
        ({"signed": "{id}{body}"}, "signed"),
        ({"signed": "x{id}.{body}"}, "signed"),
        ({"method": "hmac", "signature_header": "X-S", "signed": "{id}.{body}"}, "id_header"),
        ({"method": "hmac", "signature_header": "X-S", "signed": "{timestamp}.{body}"}, "timestamp_header"),
        ({"method": "hmac", "signature_header": "X-S", "timestamp_header": "X-T"}, "timestamp_header"),
        ({"method": "hmac", "signature_header": "X-S", "id_header": "x-s"}, "signature_header"),
        ({"method": "basic", "id_header": "Authorization"}, "signature_header"),
        ({"tolerance": "soon"}, "tolerance"),
        ({"tolerance": "-1"}, "tolerance"),
        ({"tolerance": "1e3"}, "tolerance"),
        ({"tolerance": "9" * 400}, "tolerance"),
        ({"id": "a.b", "id_header": "X-Id"}, "id"),
        ({"type_header": "X-Type"}, "type"),
        ({"type": ""}, "type"),
        ({"type": "", "before": "then", "sales": "", "refunds": ""}, "type"),
        ({"refunded": "order.total"}, "refunded"),
        ({"refunds": "paid"}, "refunds"),
        ({"notices": "*"}, "notices"),
        ({"sales": "", "refunds": "", "contacts": ""}, "sales"),
        ({"order": ""}, "order"),
        ({"email": "order"}, "email"),
        ({"email": "who.name"}, "email"),
        ({"item_name": ""}, "item_name"),
        ({"item_qty": "title"}, "item_qty"),
        ({"name": ".".join("a" * 20)}, "name"),
        ({"name": "x" * 501}, "name"),
        ({"name": "a\nb"}, "name"),
    ],
)
def test_wrong_descriptions_are_refused_in_words_and_judge_nothing(changes: dict[str, str], key: str) -> None:
    told = {**SHOP, **changes}

    with pytest.raises(UserError) as refused:
        CUSTOM.check_options(told)

    assert refused.value.code == f"option-{key}"
    assert refused.value.title.startswith("“")
    with pytest.raises(UserError):
        preview(told, request({}), NOW)
    verdict = rejected(judge(told, request({"event": "paid"})))
    assert verdict.reason is Reason.UNDESCRIBED
    assert explain(verdict.reason, CUSTOM.name)


def test_options_of_others_are_left_alone() -> None:
    """Neither refused by a UserError nor changed."""
    told = {**SHOP, "something else": "x"}
    CUSTOM.check_options(told)
    assert told["something else"] == "x"


def test_every_option_has_words_and_no_two_share_them() -> None:
    assert len({each.label for each in OPTIONS}) == len({each.key for each in OPTIONS}) == len(OPTIONS)
