"""A secret that a message shows is not kept with it, and one that did not fit is known again only by who holds it."""

import pytest

from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers import PROVIDERS
from shopwatch.providers.doctor.diagnosis import Cause
from shopwatch.providers.doctor.doctor import diagnose
from shopwatch.providers.doctor.examination import Other
from shopwatch.providers.provider import Assurance, Provider
from tests.providers.cases import BY_ID, NOW, OPTIONS, URL

SENT = "made-up-secret-of-the-sender"
HELD = Secrets(("mistyped-secret-of-the-owner",))
_DESCRIBED = {key: value for key, value in OPTIONS["custom"].items() if "header" not in key and key != "signed"}
SHOWING: list[tuple[Provider, Options]] = [
    *((each, {}) for each in PROVIDERS if each.assurance is Assurance.TOKEN and each.id != "custom"),
    (BY_ID["custom"], _DESCRIBED | {"method": "basic"}),
    *(
        (BY_ID["custom"], _DESCRIBED | {"method": "token", "token_in": place, "token_name": "key"})
        for place in ("header", "query", "body")
    ),
]


@pytest.mark.parametrize(("known", "options"), SHOWING, ids=[each.id for each, _ in SHOWING])
class TestSealed:
    def test_only_who_holds_it_knows_it_again(self, known: Provider, options: Options) -> None:
        sent = known.practise(known.practises[0], SENT, NOW, 7, url=URL, options=options)
        refused = known.judge(sent, HELD, NOW, options)
        kept = known.kept(sent, refused, options)

        assert isinstance(refused, Rejected)
        assert refused.reason is Reason.TOKEN_MISMATCH
        assert SENT not in repr(kept)
        assert isinstance(known.judge_kept(kept, HELD, NOW, options), Rejected)
        assert isinstance(known.judge_kept(kept, Secrets((SENT,)), NOW, options), Accepted)

    def test_nobody_is_believed_by_the_seal(self, known: Provider, options: Options) -> None:
        sent = known.practise(known.practises[0], SENT, NOW, 7, url=URL, options=options)
        kept = known.kept(sent, known.judge(sent, HELD, NOW, options), options)

        assert isinstance(known.judge(kept, Secrets((SENT,)), NOW, options), Rejected)

    def test_the_doctor_sees_whose_secret_it_is(self, known: Provider, options: Options) -> None:
        sent = known.practise(known.practises[0], SENT, NOW, 7, url=URL, options=options)
        kept = known.kept(sent, known.judge(sent, HELD, NOW, options), options)
        other = Other("b", "Second shop", known, Secrets((SENT,)))

        spaced = diagnose(known, kept, Secrets((f"{SENT} ",)), NOW, options=options)
        mixed_up = diagnose(known, kept, HELD, NOW, options=options, others=[other])
        unknown = diagnose(known, kept, HELD, NOW, options=options)

        assert (spaced.cause, mixed_up.cause) == (Cause.SPACES_IN_SECRET, Cause.OTHER_SOURCE)
        assert unknown.sentence == "The secret in the message is not the one that is stored."
        assert [(row.passed, row.sentence) for row in unknown.evidence] == [(False, "It shows the stored secret")]
