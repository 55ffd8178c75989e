"""What ngrok says, in the owner's words and without the owner's token."""

import pytest

from shopwatch.tunnel import errors
from tests.tunnel.scene import TOKEN

KNOWN = "102 103 105 107 108 120 121 123 313 314 320 324 334 727 734 3004 3200 4018 8012 8013 9009 9040".split()


@pytest.mark.parametrize("code", KNOWN)
def test_each_code_has_a_sentence_and_what_to_do_next(code: str) -> None:
    problem = errors.ngrok_refused(code)
    assert problem.code == f"ngrok-{code}"
    assert problem.title.endswith(".")
    assert problem.hint.endswith(".")
    assert code not in str(problem)


def test_an_unknown_code_is_named_so_that_it_can_be_looked_up() -> None:
    problem = errors.ngrok_refused("4242")
    assert "4242" in problem.title
    assert problem.code not in errors.NEEDS_USER


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"authentication failed: ... Your authtoken: {TOKEN}\\n\\nERR_NGROK_107\\n.", "ngrok-107"),
        ("listen tcp 127.0.0.1:4045: bind: address already in use", "ngrok-port-busy"),
        (
            "dial tcp: lookup tunnel.us.ngrok.com on 10.0.0.1:53: dial udp: connect: network is unreachable",
            "no-internet",
        ),
        ("resolved tunnel.us.ngrok.com has no records", "no-internet"),
        ("lookup connect.ngrok-agent.com: no such host", "no-internet"),
        (f"something else about {TOKEN}", "ngrok-ended"),
        ("nil", "ngrok-ended"),
        ("", "ngrok-ended"),
    ],
)
def test_an_agents_error_is_understood_and_not_repeated(text: str, code: str) -> None:
    problem = errors.explain(text)
    assert problem.code == code
    assert TOKEN not in str(problem)


@pytest.mark.parametrize("code", sorted(errors.LATER))
def test_what_is_tried_again_later_is_in_the_end_asked_of_the_owner(code: str) -> None:
    assert code in errors.NEEDS_USER
