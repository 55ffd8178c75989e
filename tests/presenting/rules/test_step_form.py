"""What a step of a rule asks for, and where it can go."""

from shopwatch.domain.rules.rule import EMAIL, RING, RuleStep
from shopwatch.domain.rules.target import Target
from shopwatch.presenting.rules.step_form import asks_nothing, new_step, sent_to, step_form, step_kinds

CHAT = "chat"
SLACK = Target("slack", "chat", "#orders", {"service": "Slack"})
TEAMS = Target("teams", "chat", "Shop", {"service": "Teams"})
MAIL = Target("mail", "mail", "flowers@example.com", {"from": "flowers@example.com"})


def test_a_step_without_a_place_says_so_and_offers_to_connect_one() -> None:
    place = step_form(RuleStep(CHAT), []).own
    assert place is not None
    assert (place.entries, place.chosen, place.change) == ((), "", "")
    assert place.warning
    assert place.connect


def test_a_step_shows_the_places_of_its_kind_and_the_chosen_one() -> None:
    form = step_form(RuleStep(CHAT, {"to": "teams"}), [SLACK, MAIL, TEAMS])
    place = form.own
    assert place is not None
    assert (place.entries, place.chosen) == ((("#orders", "slack"), ("Shop", "teams")), "teams")
    assert place.change
    assert not place.warning
    assert form.shared is None


def test_a_place_that_was_removed_is_chosen_no_more() -> None:
    place = step_form(RuleStep(CHAT, {"to": "gone"}), [SLACK]).own
    assert place is not None
    assert (place.chosen, place.change) == ("", "")
    assert place.warning


def test_what_the_whole_shop_shares_is_named_and_can_be_changed() -> None:
    form = step_form(RuleStep(EMAIL), [MAIL])
    assert form.own is None
    assert form.shared is not None
    assert (form.shared.chosen, form.shared.warning, form.shared.connect) == ("mail", "", "")
    assert "flowers@example.com" in form.shared.used
    missing = step_form(RuleStep(EMAIL), []).shared
    assert missing is not None
    assert missing.warning
    assert missing.connect


def test_a_new_step_goes_to_the_only_place_there_is() -> None:
    assert new_step(CHAT, [SLACK, MAIL]).settings.get("to") == "slack"
    assert "to" not in new_step(CHAT, [SLACK, TEAMS]).settings
    assert "to" not in new_step(EMAIL, [MAIL]).settings


def test_only_a_step_that_names_its_place_is_sent_elsewhere() -> None:
    assert sent_to(RuleStep(CHAT, {"to": "slack"}), "teams") == RuleStep(CHAT, {"to": "teams"})
    assert sent_to(RuleStep(RING), "teams") == RuleStep(RING)


def test_each_kind_of_step_is_offered_and_says_whether_it_asks_for_anything() -> None:
    kinds = {kind.id: kind for kind in step_kinds()}
    assert {CHAT, EMAIL, RING} <= set(kinds)
    assert all(kind.title and kind.icon for kind in kinds.values())
    assert not asks_nothing(CHAT)
    assert asks_nothing("quiet")
