import pytest

from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.presenting.level import Level
from shopwatch.presenting.setup.address_text import address_words, host_of

ONLINE = TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, "https://a.example", 5)


@pytest.mark.parametrize(
    ("status", "reach", "level", "said", "ready"),
    [
        (TunnelStatus(), Reach(), Level.OFF, "", False),
        (
            TunnelStatus(TunnelKind.NGROK, TunnelState.STARTING, progress=0.427),
            Reach(),
            Level.OFF,
            "Fetching the ngrok program. 43 percent",
            False,
        ),
        (TunnelStatus(state=TunnelState.STARTING), Reach(), Level.OFF, "Opening your public address… ", False),
        (ONLINE, Reach(), Level.WARN, "The address is open. Checking it from outside…", True),
        (ONLINE, Reach(ReachState.ANSWERS), Level.OK, "The address answers. Checked from outside at 09:38.", True),
        (
            ONLINE,
            Reach(ReachState.SILENT, problem=UserError("Nobody answers.", "Wait.")),
            Level.BAD,
            "Nobody answers. Wait.",
            True,
        ),
    ],
)
def test_each_state_has_its_words(status: TunnelStatus, reach: Reach, level: Level, said: str, ready: bool) -> None:
    words = address_words(status, reach, "09:38")
    assert words.level is level
    assert f"{words.strong} {words.rest}".strip() == said.strip()
    assert words.ready is ready


def test_what_the_owner_must_do_stands_under_the_field() -> None:
    problem = UserError("ngrok does not accept this token.")
    words = address_words(TunnelStatus(state=TunnelState.NEEDS_USER, problem=problem), Reach(), "")
    assert words.problem is problem
    assert not words.ready


def test_an_address_is_said_without_its_scheme() -> None:
    assert host_of("https://a.example/") == "a.example"
    assert host_of("") == ""
