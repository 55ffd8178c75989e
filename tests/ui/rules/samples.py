"""Rules and jobs as the ledger would give them."""

from dataclasses import replace

from shopwatch.domain.instant import HOUR, MINUTE
from shopwatch.domain.rules.job import Job, JobKey, JobState
from shopwatch.domain.rules.rule import AmountIs, FromSource, Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.domain.sales.money import Money
from shopwatch.ledger.outbox.rule_history import RuleHistory
from shopwatch.runtime.clock import now
from tests.ui.fake_shop import PAYNOW, FakeShop

SLACK = Target("slack", "chat", "#sales", {"service": "Slack"})
MAIL = Target("mail", "mail", "shop@example.com", {"from": "shop@example.com"})
RING = RuleStep("ring", {"bell": "yes"})
LETTER = RuleStep("email", {"template": "thanks"})
POST = RuleStep("chat", {"to": "slack"})
LARGE = Rule(
    "Large sale",
    Trigger.SALE_PAID,
    (FromSource(PAYNOW.id), AmountIs(over=Money(10_000, "USD"))),
    (RING, LETTER, POST),
    id=1,
)
EACH = Rule("Each sale", Trigger.SALE_PAID, steps=(RING,), id=2)
CONTACTS = Rule("Contacts", Trigger.CONTACT, steps=(RuleStep("chat", {"to": "gone"}),), on=False, id=3)


def job(event: int, state: JobState, /, **changes: object) -> Job:
    """An e-mail owed for this event; `changes` are fields of the job."""
    at = now() - (1000 - event) * MINUTE
    made = Job(
        key=JobKey(event, 1, 1),
        trigger=Trigger.SALE_PAID,
        action="email",
        settings={"template": "thanks"},
        state=state,
        source_id=PAYNOW.id,
        made_at=at,
        due_at=at,
        changed_at=at,
        sale_id=event,
        order=f"PN-{event}",
        to=f"c{event}@example.com",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def full_shop() -> FakeShop:
    """Three rules, of which one is off and goes nowhere; a mail account and a chat."""
    shop = FakeShop(kept_rules=[LARGE, EACH, CONTACTS])
    shop.settings.current = replace(shop.settings.current, targets=(SLACK, MAIL), fewer_animations=True)
    shop.ledger.outbox.known = {
        1: RuleHistory(0, 3, now()),
        2: RuleHistory(0, 1, now()),
        3: RuleHistory(now() - 30 * 24 * HOUR),
    }
    return shop
