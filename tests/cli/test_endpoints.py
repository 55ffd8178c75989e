from tests.cli.conftest import Program


def test_an_endpoint_needs_an_address_and_a_key(shopwatch: Program) -> None:
    shopwatch.run("source", "add", "stripe")
    done = shopwatch.run("source", "register", "stripe-1")
    assert (done.code, done.out) == (2, "")
    assert "no public address" in done.words

    shopwatch.run("tunnel", "own", "https://shop.example.com")
    done = shopwatch.run("source", "register", "stripe-1")
    assert (done.code, done.out) == (1, "")
    assert "no API key for Stripe" in done.words


def test_a_provider_that_cannot_be_told_says_so(shopwatch: Program) -> None:
    shopwatch.run("tunnel", "own", "https://shop.example.com")
    shopwatch.run("source", "add", "kofi")
    done = shopwatch.run("source", "register", "kofi-1")
    assert (done.code, done.out) == (1, "")
    assert "cannot tell Ko-fi the public address" in done.words


def test_how_endpoints_stand_is_a_line_for_each_source(shopwatch: Program) -> None:
    shopwatch.run("source", "add", "stripe")
    shopwatch.run("source", "add", "kofi")
    done = shopwatch.run("source", "endpoints")
    assert done.code == 0
    assert [(line["source"], line["can_register"]) for line in done.lines] == [("stripe-1", True), ("kofi-2", False)]
    assert set(done.lines[0]) == {
        "source",
        "provider",
        "can_register",
        "url",
        "standing",
        "since",
        "lacking",
        "made_at",
        "checked_at",
        "confirmed_at",
        "old_url",
        "problem",
        "explanation",
        "stale",
    }
    assert shopwatch.run("source", "endpoints", "stripe-9").code == 2


def test_who_has_an_old_address_is_told_until_the_owner_says_done(shopwatch: Program) -> None:
    shopwatch.run("tunnel", "own", "https://shop.example.com")
    shopwatch.run("source", "add", "kofi")
    process, _ = shopwatch.start("--port", "0")
    assert shopwatch.run("source", "told", "kofi-1").code == 0
    process.kill()
    process.communicate()

    shopwatch.run("tunnel", "own", "https://other.example.com")
    process, _ = shopwatch.start("--port", "0")
    assert process.stderr is not None
    assert "Ko-fi still has the old address." in process.stderr.readline()
    done = shopwatch.run("source", "endpoints")
    assert (done.code, done.lines[0]["stale"]) == (1, True)
    assert shopwatch.run("source", "told", "kofi-1").code == 0
    done = shopwatch.run("source", "endpoints")
    assert (done.code, done.lines[0]["stale"]) == (0, False)
