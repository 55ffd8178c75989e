"""What became of all that was sent to a shop: the books of its provider and of the town beside its own."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass

from shopwatch.domain.rules.job import JobState
from shopwatch.ledger import Ledger
from tests.torture.books import ACTING, Books, order_of
from tests.torture.shop import Shop, orders
from tests.torture.town import Town
from tests.torture.world import World


@dataclass(frozen=True)
class Outcome:
    """`wrong` is what must not be; `lines` tell all of it."""

    wrong: tuple[str, ...]
    lines: tuple[str, ...]


async def outcome(world: World) -> Outcome:
    """Once the program has ended."""
    found = Counter(await orders(world.shop.paths.ledger))
    return compared(world.books, world.town, found, await _jobs(world.shop), _owners(world.shop))


def compared(
    books: Books, town: Town, found: Counter[str], jobs: Counter[tuple[str, JobState]], owners: Counter[str]
) -> Outcome:
    """`found` are the orders in the ledger, `owners` those in the owner's database, each as often as it is there."""
    acting = sum(number % ACTING == 0 for number in books.answered)
    heard = {"email": len(town.post.letters), "chat": len(town.posts), "forward": len(town.passed_on)}
    figures: dict[str, int] = {
        "answered and missing": len(books.missing(found)),
        "sales that nobody sent": len(found.keys() - {order_of(number) for number in range(1, books.sent + 1)}),
        "sales twice": sum(count > 1 for count in found.values()),
        "letters twice": sum(count > 1 for count in town.post.letters.values()),
        "posts twice": sum(count > 1 for count in town.posts.values()),
        "passed on under two ids": sum(len(ids) > 1 for ids in town.passed_on.values()),
        "rows of the owner's database twice": sum(count > 1 for count in owners.values()),
        "done without a trace of it": sum(
            max(0, jobs[action, JobState.DONE] - count) for action, count in heard.items()
        ),
        "jobs left on their way": sum(count for (_, state), count in jobs.items() if state is JobState.SENDING),
        "genuine messages refused": sum(
            count for said, count in books.answers.items() if said.isdecimal() and said not in ("200", "503")
        ),
    }
    wrong = tuple(f"{name}: {count}" for name, count in figures.items() if count)
    lines = (
        f"sent {books.sent}, answered {len(books.answered)}, found {len(found)}, slowest answer {books.slowest:.1f} s",
        *(f"{name}: {count}" for name, count in figures.items()),
        f"answers: {_told(books)}",
        f"of {acting} sales that had to be told: letters {len(town.post.letters)}, posts {len(town.posts)}, "
        f"passed on {len(town.passed_on)}, in the owner's database {len(owners)}, pages {town.pages}",
        *(f"jobs, {action}: {_listed(jobs, action)}" for action in sorted({action for action, _ in jobs})),
    )
    return Outcome(wrong, lines)


def _told(books: Books) -> str:
    return ", ".join(f"{count} {said}" for said, count in books.answers.most_common())


def _listed(jobs: Counter[tuple[str, JobState]], action: str) -> str:
    return ", ".join(f"{count} {state}" for (which, state), count in sorted(jobs.items()) if which == action)


async def _jobs(shop: Shop) -> Counter[tuple[str, JobState]]:
    ledger = Ledger.open(f"sqlite:///{shop.paths.ledger}")
    found: Counter[tuple[str, JobState]] = Counter()
    try:
        after = None
        while page := await ledger.outbox.jobs(after=after, limit=1_000):
            found.update((job.action, job.state) for job in page)
            after = page[-1].key
    finally:
        ledger.close()
    return found


def _owners(shop: Shop) -> Counter[str]:
    with closing(sqlite3.connect(shop.folder / "owners.db")) as database:
        return Counter(order for (order,) in database.execute("SELECT order_id FROM shopwatch_sales"))
