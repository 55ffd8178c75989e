"""The soak's own bookkeeping: it sees what was lost and what was done twice, where a secret lies, and who waited."""

import base64
import random
from collections import Counter
from pathlib import Path

from shopwatch.domain.rules.job import JobState
from tests.torture.books import Books, order_of
from tests.torture.leaks import forms, leaks
from tests.torture.outcome import compared
from tests.torture.soak import longest_waits
from tests.torture.town import Town

SECRET = "pn-live-Zq7v/Kcanary"
SECOND = 10**9


def test_what_agrees_is_all_right() -> None:
    books = Books(sent=3, answered={1: 0, 2: 0}, answers=Counter({"200": 2, "503": 9, "cut off": 4}))

    outcome = compared(books, Town(random.Random(1)), Counter(map(order_of, (1, 2, 3))), Counter(), Counter())

    assert outcome.wrong == ()


def test_what_is_lost_or_doubled_is_seen() -> None:
    books = Books(sent=3, answered={1: 0, 2: 0, 3: 0}, answers=Counter({"200": 3, "401": 2, "429": 1}))
    town = Town(random.Random(1))
    town.post.letters["a letter"] = 2
    town.posts["a post"] = 2
    town.passed_on["an event"] = {"one", "another"}
    found = Counter({order_of(1): 1, order_of(2): 2, order_of(4): 1})
    jobs = Counter({("email", JobState.SENDING): 1, ("chat", JobState.DONE): 2})

    outcome = compared(books, town, found, jobs, Counter({order_of(1): 2}))

    assert set(outcome.wrong) == {
        "answered and missing: 1",
        "sales that nobody sent: 1",
        "sales twice: 1",
        "letters twice: 1",
        "posts twice: 1",
        "passed on under two ids: 1",
        "rows of the owner's database twice: 1",
        "done without a trace of it: 1",
        "jobs left on their way: 1",
        "genuine messages refused: 3",
    }


def test_a_secret_is_found_in_any_form_and_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "item").write_text(SECRET)
    for number, form in enumerate(forms(SECRET)):
        (tmp_path / str(number)).write_bytes(b"x" * ((1 << 24) - 5) + form if number == 0 else b"before " + form)
    (tmp_path / "longer").write_bytes(base64.b64encode(b"user:" + SECRET.encode() + b":more"))
    (tmp_path / "clean").write_text("pn-live-")

    found = leaks([SECRET], tmp_path, [tmp_path / "store"])

    assert len(found) == len(forms(SECRET)) + 1


def test_who_waits_waits_because_of_what_happened_last() -> None:
    answers = [second * SECOND for second in (0, 1, 2, 12, 13, 20)]
    happened = [(2 * SECOND + 500, "killed"), (13 * SECOND, "full"), (15 * SECOND, "moved")]

    assert longest_waits(answers, happened) == {"nothing yet": 1, "killed": 10, "full": 7}
