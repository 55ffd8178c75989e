"""What rings is told where somebody is there to hear it, and once."""

import json

from tests.desktop import paynow
from tests.desktop.program import Program
from tests.desktop.waiting import wait_until


def test_what_came_without_a_desktop_is_summed_up_when_there_is_one(program: Program) -> None:
    (source,) = program.add_paynow(paynow.SECRET)
    with program.serving() as url:
        for number in range(3):
            assert paynow.post(url + source["path"], paynow.order(number)) == 200
    assert [job["state"] for job in program.ask("jobs")] == ["waiting"] * 3

    program.open()

    summary = wait_until(program.session.pop_ups, "the summary")
    assert [(each.title, each.body) for each in summary] == [
        ("While you were away, 3 sales came in", "$59.94, all safely stored")
    ]
    wait_until(lambda: len(program.ask("jobs", "--state", "done")) == 3, "the jobs to be done")


def test_only_what_a_rule_asks_for_rings(program: Program) -> None:
    (source,) = program.add_paynow(paynow.SECRET)
    for rule in program.ask("rule", "list"):
        program.ask("rule", "remove", str(rule["id"]))
    large = {"when": "sale-paid", "if": [{"item": "gold"}], "then": [{"do": "ring", "stays": "yes"}]}
    program.ask("rule", "add", stdin=json.dumps(large))
    program.open()
    url = program.local_url() + source["path"]

    assert paynow.post(url, paynow.order(1)) == 200
    assert paynow.post(url, paynow.order(2).replace(b"VIP Rank", b"Gold Rank")) == 200

    (pop_up,) = wait_until(program.session.pop_ups, "the pop-up")
    assert "Gold Rank" in pop_up.body
    assert len(program.ask("sales", "--json")) == 2
