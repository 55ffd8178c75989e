"""Senders of notices: what their messages say in a few plain words, and how their handshakes are answered."""

import hmac
import json
from typing import Any

import pytest
from msgspec.structs import replace

from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.happening import Notice, TextMessage
from shopwatch.domain.sale import SaleClaim
from shopwatch.domain.source import Secrets
from shopwatch.domain.verdict import Accepted, Answer, Challenge, Reason, Rejected, Verdict
from shopwatch.providers.notices import LONGEST_TITLE, clipped, in_words, particulars
from shopwatch.providers.provider import Provider
from shopwatch.providers.token import VEIL
from tests.providers.cases import BY_ID, KEYS, NOW, SECRET, accepted, judge, judged, practice, signed

SVIX, GITHUB, SLACK, DISCORD, ZOOM, GRAPH, META, WEBSUB = (
    BY_ID[name] for name in ("svix", "github", "slack", "discord", "zoom", "microsoft-graph", "meta", "websub")
)
SENDERS = (SVIX, GITHUB, SLACK, DISCORD, ZOOM, GRAPH, META, WEBSUB)


def told(provider: Provider, body: Any, **headers: str) -> Event:
    return judged(provider, json.dumps(body).encode(), **headers)


def notice(event: Event) -> Notice:
    assert event.kind is Kind.NOTICE
    assert isinstance(event.happening, Notice)
    return event.happening


def verdict(provider: Provider, body: Any) -> Verdict:
    return judge(provider, signed(provider, json.dumps(body).encode()))


def challenged(found: Verdict) -> Answer:
    assert isinstance(found, Challenge)
    return found.answer


def asked(provider: Provider, query: str, method: str = "GET", **options: str) -> Verdict:
    request = Request(method, f"https://shop.example/in/x?{query}", Headers(), b"")
    return provider.judge(request, KEYS, NOW, options)


@pytest.mark.parametrize("provider", SENDERS, ids=lambda provider: provider.id)
def test_practice_is_a_notice_that_fits_a_line(provider: Provider) -> None:
    for seed in range(50):
        event = accepted(judge(provider, practice(provider, Kind.NOTICE, seed)))
        assert 0 < len(notice(event).title) <= LONGEST_TITLE


def test_long_titles_end_in_an_ellipsis_and_stay_on_one_line() -> None:
    assert clipped("a\nb  c") == "a b c"
    assert clipped("x" * 60) == "x" * 60
    assert clipped("word " * 30).endswith("word…")
    assert len(clipped("x" * 61)) == LONGEST_TITLE


@pytest.mark.parametrize(
    ("event_type", "words"),
    [
        ("invoice.payment_failed", "Invoice payment failed"),
        ("invoicePaid", "Invoice paid"),
        ("ENTITLEMENT_CREATE", "Entitlement create"),
        ("orders/paid", "Orders paid"),
        ("größe.geändert", "Größe geändert"),
        ("...", ""),
        ("", ""),
    ],
)
def test_the_senders_names_of_events_become_words(event_type: str, words: str) -> None:
    assert in_words(event_type) == words


def test_particulars_are_few_and_short() -> None:
    assert particulars({"id": "inv_42", "amount": 1999, "paid": True, "none": None, "more": {"a": 1}}) == (
        "id: inv_42, amount: 1999, paid: true"
    )
    assert len(particulars({str(number): "x" * 100 for number in range(100)})) <= 500
    assert particulars([1]) == particulars("text") == particulars(None) == ""


def test_svix_tells_of_any_event_and_knows_the_standards_sales() -> None:
    paid = notice(told(SVIX, {"type": "invoice.paid", "data": {"id": "inv_42", "amount": 1999}}))
    assert paid == Notice("Invoice paid", "id: inv_42, amount: 1999")
    assert notice(told(SVIX, {"data": {}})).title == "New message through Svix"

    assert isinstance(told(SVIX, {"type": "sale", "data": {"order_id": "A-7"}}).claim, SaleClaim)


def github(event: str, **body: Any) -> Event:
    about = {"repository": {"full_name": "bloom/shop"}, "sender": {"login": "maya"}} | body
    return told(GITHUB, about, X_GitHub_Event=event)


@pytest.mark.parametrize(
    ("event", "body", "title", "text"),
    [
        ("star", {"action": "created"}, "New star on bloom/shop", ""),
        ("fork", {"forkee": {"full_name": "maya/shop"}}, "New fork of bloom/shop", "maya/shop"),
        ("issues", {"action": "opened", "issue": {"title": "Broken"}}, "New issue on bloom/shop", "Broken"),
        ("issue_comment", {"action": "created", "comment": {"body": "Yes"}}, "New comment on bloom/shop", "Yes"),
        (
            "pull_request",
            {"action": "opened", "pull_request": {"title": "Fix"}},
            "New pull request on bloom/shop",
            "Fix",
        ),
        ("pull_request", {"action": "closed", "pull_request": {}}, "Pull request closed on bloom/shop", ""),
        (
            "pull_request",
            {"action": "closed", "pull_request": {"merged": True}},
            "Pull request merged on bloom/shop",
            "",
        ),
        ("release", {"action": "published", "release": {"tag_name": "v2"}}, "New release of bloom/shop", "v2"),
        ("push", {"commits": [{}]}, "1 new commit on bloom/shop", ""),
        ("push", {"commits": [{}, {}], "head_commit": {"message": "Fix"}}, "2 new commits on bloom/shop", "Fix"),
        ("sponsorship", {"action": "created", "sponsorship": {"tier": {"name": "$5"}}}, "New sponsor on GitHub", "$5"),
        (
            "workflow_run",
            {"action": "completed", "workflow_run": {"conclusion": "failure", "name": "CI"}},
            "A workflow failed on bloom/shop",
            "CI",
        ),
        ("deployment", {"action": "created"}, "Deployment created on bloom/shop", ""),
    ],
)
def test_github_events_are_told_in_words(event: str, body: dict[str, Any], title: str, text: str) -> None:
    assert notice(github(event, **body)) == Notice(title, text, "maya")


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("star", {"action": "deleted"}),
        ("issues", {"action": "labeled"}),
        ("push", {"commits": []}),
        ("workflow_run", {"action": "completed", "workflow_run": {"conclusion": "success"}}),
        ("check_run", {"action": "created"}),
    ],
)
def test_what_github_says_all_day_is_kept_quietly(event: str, body: dict[str, Any]) -> None:
    assert github(event, **body).kind is Kind.OTHER


def test_githubs_ping_is_its_test() -> None:
    assert github("ping", zen="Keep it logically awesome.").kind is Kind.TEST


def test_githubs_weaker_header_counts_for_nothing() -> None:
    made = practice(GITHUB)
    weak = "sha1=" + hmac.new(SECRET.encode(), made.body, "sha1").hexdigest()
    lines = [line for line in made.headers.lines if line[0] != b"X-Hub-Signature-256"]
    request = replace(made, headers=Headers((*lines, (b"X-Hub-Signature", weak.encode()))))

    assert judge(GITHUB, request) == Rejected(Reason.SIGNATURE_MISSING)


def slack(**event: Any) -> Event:
    return told(SLACK, {"type": "event_callback", "event_id": "Ev1", "event_time": NOW // 1000 - 5, "event": event})


def test_slack_tells_what_people_write() -> None:
    event = slack(type="message", text="order 17 is late")

    assert notice(event) == Notice("New message in Slack", "order 17 is late")
    assert (event.id, event.type, event.occurred_at) == ("Ev1", "message", NOW - 5000)
    for quiet in ({"subtype": "message_changed"}, {"bot_id": "B1"}, {"subtype": "channel_join"}):
        assert slack(type="message", text="x", **quiet).kind is Kind.OTHER
    assert notice(slack(type="app_mention", text="hi")).title == "Your app was mentioned in Slack"
    assert notice(slack(type="channel_archive", channel="C1")).title == "Channel archive in Slack"
    assert told(SLACK, {"type": "app_rate_limited"}).kind is Kind.OTHER


def test_slack_tells_who_joined() -> None:
    user = {"id": "U1", "profile": {"real_name": "Maya Ruiz", "email": "maya@example.com"}}

    assert notice(slack(type="team_join", user=user)) == Notice(
        "Maya Ruiz joined your Slack", "", "Maya Ruiz", "maya@example.com"
    )


def test_slack_commands_and_buttons_come_as_forms() -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    command = judged(SLACK, b"command=%2Fstock&text=roses&user_name=maya&trigger_id=398.1", **form)
    button = judged(SLACK, b"payload=%7B%22type%22%3A%22block_actions%22%2C%22trigger_id%22%3A%22T9%22%7D", **form)

    assert notice(command) == Notice("/stock was used in Slack", "roses", "maya")
    assert (command.id, command.type) == ("398.1", "slash_command")
    assert notice(button).title == "Block actions in Slack"
    assert button.id == "T9"
    verdict = judge(SLACK, signed(SLACK, b"command=%2Fstock", **form))
    assert isinstance(verdict, Accepted)
    assert verdict.answer == Answer(200, b"")


def test_slacks_question_is_answered_with_its_own_words_alone() -> None:
    answer = challenged(verdict(SLACK, {"type": "url_verification", "challenge": "<b>3eZbrw1aBm</b>"}))

    assert answer == Answer(200, b"<b>3eZbrw1aBm</b>", "text/plain")
    assert isinstance(verdict(SLACK, {"type": "url_verification", "challenge": 7}), Accepted)


def discord(**body: Any) -> Event:
    return told(DISCORD, body)


def test_discord_tells_what_was_used_and_by_whom() -> None:
    user = {"user": {"username": "maya", "global_name": "Maya"}}
    command = discord(
        type=2, id="3", member=user, data={"name": "stock", "options": [{"name": "item", "value": "Roses"}, 5]}
    )

    assert notice(command) == Notice("/stock was used in Discord", "item: Roses", "Maya")
    assert (command.id, command.type) == ("3", "command")
    assert notice(discord(type=5, id="4", user={"username": "tom"})).title == "Form in Discord"
    assert discord(type=4, id="5").kind is Kind.OTHER


def test_discords_events_say_type_one_too() -> None:
    happened = {
        "type": "APPLICATION_AUTHORIZED",
        "timestamp": "2026-11-20T10:00:00",
        "data": {"user": {"username": "m"}},
    }

    event = discord(version=1, application_id="2", type=1, event=happened)

    assert notice(event) == Notice("Your app was added in Discord", name="m")
    assert event.type == "APPLICATION_AUTHORIZED"
    bought = discord(type=1, event={"type": "ENTITLEMENT_CREATE"})
    assert notice(bought).title == "New purchase in Discord"


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        ({"type": 2, "data": {"name": "x"}}, 200, {"type": 4, "data": {"content": "Noted.", "flags": 64}}),
        ({"type": 3}, 200, {"type": 6}),
        ({"type": 4}, 200, {"type": 8, "data": {"choices": []}}),
        ({"type": 1, "event": {"type": "ENTITLEMENT_CREATE"}}, 204, None),
        ({"type": True}, 204, None),
    ],
)
def test_discord_gets_the_answers_it_knows(body: dict[str, Any], status: int, answer: Any) -> None:
    found = verdict(DISCORD, body)

    assert isinstance(found, Accepted)
    assert found.answer.status == status
    assert (json.loads(found.answer.body) if found.answer.body else None) == answer


def zoom(event: str, **told_of: Any) -> Event:
    return told(ZOOM, {"event": event, "event_ts": NOW - 5000, "payload": {"object": told_of}})


@pytest.mark.parametrize(
    ("event", "title"),
    [
        ("meeting.started", "Meeting started: Stock talk"),
        ("meeting.ended", "Meeting ended: Stock talk"),
        ("webinar.registration_created", "New registration: Stock talk"),
        ("recording.completed", "Recording ready: Stock talk"),
        ("meeting.participant_joined", "Meeting participant joined: Stock talk"),
        ("phone.callee_missed", "Phone callee missed: Stock talk"),
    ],
)
def test_zoom_tells_of_meetings(event: str, title: str) -> None:
    found = zoom(event, topic="Stock talk")

    assert notice(found).title == title
    assert found.occurred_at == NOW - 5000


def test_zoom_tells_who_registered_and_who_came() -> None:
    person = {"first_name": "Maya", "last_name": "Ruiz", "email": "maya@example.com", "phone": "+441"}

    registered = notice(zoom("meeting.registration_created", topic="Wreaths", registrant=person))
    came = notice(zoom("meeting.participant_joined", topic="Wreaths", participant={"user_name": "Maya"}))

    assert registered == Notice("New registration: Wreaths", "", "Maya Ruiz", "maya@example.com", "+441")
    assert came.title == "Maya joined Wreaths"


def test_zooms_question_is_answered_by_the_newest_secret_and_only_if_it_is_genuine() -> None:
    body = {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8"}}
    request = signed(ZOOM, json.dumps(body).encode())

    answer = challenged(judge(ZOOM, request))

    right = hmac.new(SECRET.encode(), b"qgg8", "sha256").hexdigest()
    assert json.loads(answer.body) == {"plainToken": "qgg8", "encryptedToken": right}
    assert isinstance(judge(ZOOM, request, Secrets(("another secret",))), Rejected)
    assert isinstance(judge(ZOOM, request, Secrets()), Rejected)
    assert isinstance(verdict(ZOOM, {"event": "endpoint.url_validation"}), Accepted)


def graph(*notifications: Any, state: str | None = SECRET) -> Verdict:
    value = [each | ({"clientState": state} if state is not None else {}) for each in notifications]
    return judge(GRAPH, Request("POST", "https://shop.example/in/x", Headers(), json.dumps({"value": value}).encode()))


MAIL = {"changeType": "created", "resource": "users/1", "resourceData": {"@odata.type": "#Microsoft.Graph.Message"}}


@pytest.mark.parametrize(
    ("notifications", "title", "text"),
    [
        ((MAIL,), "New e-mail in Microsoft 365", "users/1"),
        ((MAIL, MAIL), "New e-mail in Microsoft 365", "and 1 more change"),
        ((MAIL, MAIL, MAIL), "New e-mail in Microsoft 365", "and 2 more changes"),
        (
            ({"changeType": "updated", "resourceData": {"@odata.type": "#x.driveItem"}},),
            "Files changed in Microsoft 365",
            "",
        ),
        (
            ({"changeType": "deleted", "resourceData": {"@odata.type": "#x.event"}},),
            "Event deleted in Microsoft 365",
            "",
        ),
        (({"lifecycleEvent": "reauthorizationRequired"},), "Microsoft asks you to renew its messages", ""),
        (({"lifecycleEvent": "subscriptionRemoved"},), "Microsoft has stopped sending messages", ""),
    ],
)
def test_microsoft_tells_what_changed(notifications: tuple[Any, ...], title: str, text: str) -> None:
    assert notice(accepted(graph(*notifications))) == Notice(title, text)


def test_every_notification_shows_the_word_that_was_chosen() -> None:
    wrong = {"clientState": "another"}
    body = json.dumps({"value": [MAIL | {"clientState": SECRET}, MAIL | wrong]}).encode()

    def shown(written: bytes) -> Verdict:
        return judge(GRAPH, Request("POST", "", Headers(), written))

    assert shown(body) == Rejected(Reason.TOKEN_MISMATCH)
    assert graph(MAIL, state=None) == Rejected(Reason.TOKEN_MISSING)
    assert graph(MAIL, state="") == Rejected(Reason.TOKEN_MISSING)
    for nothing in (b"", b"[]", b"{}", b'{"value":[]}', b'{"value":[5]}', b'{"value":' + b"[" * 2000):
        assert shown(nothing) == Rejected(Reason.TOKEN_MISSING)
    many = json.dumps({"value": [MAIL | {"clientState": SECRET}] * 1001}).encode()
    assert shown(many) == Rejected(Reason.TOKEN_MISSING)


def test_microsofts_word_is_not_kept() -> None:
    request = practice(GRAPH)
    kept = GRAPH.kept(request, judge(GRAPH, request))

    assert SECRET.encode() not in kept.body
    assert VEIL.encode() in kept.body
    broken = Request("POST", "", Headers(), b"[" * 5000)
    assert GRAPH.kept(broken, judge(GRAPH, broken)) is broken


def test_microsofts_question_is_answered_as_text() -> None:
    answer = challenged(asked(GRAPH, "validationToken=Validation%3A+a%2Bb%3Cscript%3E", "POST"))

    assert answer == Answer(200, b"Validation: a+b<script>", "text/plain")
    assert asked(GRAPH, "validationToken=x", "GET") == Rejected(Reason.METHOD)
    for odd in ("", "a&validationToken=b", "%ff", "x" * 4001):
        assert asked(GRAPH, f"validationToken={odd}", "POST") == Rejected(Reason.TOKEN_MISSING)


def meta(about: str, *, changes: Any = (), messaging: Any = ()) -> Event:
    entry = {"id": "1", "time": NOW // 1000 - 5, "changes": list(changes), "messaging": list(messaging)}
    return told(META, {"object": about, "entry": [entry]})


def test_meta_tells_of_leads_whose_answers_must_be_asked_for() -> None:
    lead = meta("page", changes=[{"field": "leadgen", "value": {"leadgen_id": "444", "form_id": "555"}}])

    assert notice(lead).title == "New lead from a form on Facebook"
    assert (lead.type, lead.occurred_at, lead.needs_fetch) == ("leadgen", NOW - 5000, "GET /444")
    bent = meta("page", changes=[{"field": "leadgen", "value": {"leadgen_id": "444/../me"}}])
    assert bent.needs_fetch == ""


def test_meta_tells_what_customers_write() -> None:
    value = {
        "metadata": {"display_phone_number": "44207"},
        "contacts": [{"profile": {"name": "Maya"}}],
        "messages": [{"from": "447700", "id": "wamid.1", "timestamp": str(NOW // 1000 - 9), "text": {"body": "Hello"}}],
    }
    change = {"field": "messages", "value": value}

    written = meta("whatsapp_business_account", changes=[change])

    assert written.happening == TextMessage("wamid.1", "+447700", "44207", "Hello", "Maya")
    assert written.occurred_at == NOW - 9000
    seen = {"field": "messages", "value": {"statuses": [{"status": "read"}]}}
    assert meta("whatsapp_business_account", changes=[seen]).kind is Kind.OTHER
    chat = meta("page", messaging=[{"sender": {"id": "7"}, "message": {"text": "Hi"}}])
    assert notice(chat) == Notice("New message on Messenger", "Hi")
    assert notice(meta("instagram", messaging=[{"message": {"text": "Hi"}}])).title == "New message on Instagram"
    assert meta("page", messaging=[{"message": {"text": "Hi", "is_echo": True}}]).kind is Kind.OTHER
    assert meta("page", messaging=[{"read": {"watermark": 1}}]).kind is Kind.OTHER


def test_meta_tells_of_comments() -> None:
    said = {"item": "comment", "verb": "add", "message": "Lovely", "from": {"name": "Maya"}}

    assert notice(meta("page", changes=[{"field": "feed", "value": said}])) == Notice(
        "New comment on Facebook", "Lovely", "Maya"
    )
    posted = meta("page", changes=[{"field": "feed", "value": said | {"item": "post"}}])
    assert notice(posted).title == "Something new on your page on Facebook"
    assert meta("page", changes=[{"field": "feed", "value": said | {"verb": "remove"}}]).kind is Kind.OTHER
    insta = meta("instagram", changes=[{"field": "comments", "value": {"text": "Oh", "from": {"username": "m"}}}])
    assert notice(insta) == Notice("New comment on Instagram", "Oh", "m")


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=", {}),
        ("hub.mode=subscribe&hub.challenge=1", {}),
        ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=", {"verify_token": ""}),
        ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=words", {"verify_token": "word"}),
        ("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=word", {"verify_token": "word"}),
        ("hub.mode=subscribe&hub.verify_token=word", {"verify_token": "word"}),
        ("hub.mode=subscribe&hub.challenge=1&hub.challenge=2&hub.verify_token=word", {"verify_token": "word"}),
        ("", {"verify_token": "word"}),
    ],
)
def test_meta_must_say_the_word_that_was_agreed(query: str, options: dict[str, str]) -> None:
    refused = asked(META, query, **options)

    assert refused == Rejected(Reason.HANDSHAKE)
    assert refused.answer.status == 403


def test_a_hub_is_answered_for_what_was_asked_for() -> None:
    def hub(mode: str, topic: str = "https%3A%2F%2Fa.example%2Ff", **options: str) -> Verdict:
        query = f"hub.mode={mode}&hub.topic={topic}&hub.challenge=c0ffee&hub.lease_seconds=864000"
        return asked(WEBSUB, query, topic="https://a.example/f", **options)

    assert challenged(hub("subscribe")).body == b"c0ffee"
    assert challenged(hub("unsubscribe", pending="unsubscribe")).body == b"c0ffee"
    for other in (hub("unsubscribe"), hub("subscribe", pending="unsubscribe"), hub("subscribe", "x"), hub("", "")):
        assert other == Rejected(Reason.NOT_ASKED_FOR)
    assert hub("denied") == Rejected(Reason.PING)
    assert asked(WEBSUB, "hub.mode=subscribe&hub.topic=&hub.challenge=1") == Rejected(Reason.NOT_ASKED_FOR)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (b"<feed><title>Blog</title><entry><title>New kettle</title></entry></feed>", "New kettle"),
        (b"<rss><item xml:lang='de'>\n<title type='html'>A &amp; B</title></item></rss>", "A & B"),
        (b"<item><title><![CDATA[Tea <b>now</b>]]></title></item>", "Tea <b>now</b>"),
        (b'{"items":[{"title":"In JSON"}]}', "In JSON"),
        (b"<feed><title>Blog</title></feed>", "Something new in your feed"),
        (b'{"items":', "Something new in your feed"),
        (b"\xff\xfe", "Something new in your feed"),
        (b"", "Something new in your feed"),
    ],
)
def test_the_newest_entry_of_a_feed_is_told(body: bytes, title: str) -> None:
    assert notice(judged(WEBSUB, body)).title == title


def test_a_feed_that_bends_its_title_costs_no_time() -> None:
    for piece in (b"<title ", b"<title><![CDATA[", b"<entry>", b"<title>" + b"x" * 1999):
        body = b"<entry>" + piece * (1_000_000 // len(piece))
        assert notice(judged(WEBSUB, body)).title == "Something new in your feed"


def test_a_feed_is_signed_in_one_way_at_a_time() -> None:
    made = practice(WEBSUB)
    right = made.headers.only("X-Hub-Signature") or ""
    lines = [line for line in made.headers.lines if line[0] != b"X-Hub-Signature"]
    for value in (f"{right},{right}", right.replace("sha256", "md5"), right.replace("sha256", "sha1"), right[7:]):
        request = replace(made, headers=Headers((*lines, (b"X-Hub-Signature", value.encode()))))
        assert isinstance(judge(WEBSUB, request), Rejected)
