from tests.cli.conftest import Program


def test_without_a_key_there_is_nobody_to_ask(shopwatch: Program) -> None:
    shopwatch.run("source", "add", "stripe")
    for arguments in (("catchup",), ("catchup", "stripe-1")):
        done = shopwatch.run(*arguments)
        assert done.code == 2
        assert "nobody to ask" in done.words
        assert done.out == ""


def test_a_source_that_is_not_there_is_named(shopwatch: Program) -> None:
    done = shopwatch.run("catchup", "stripe-9")
    assert done.code == 2
    assert "stripe-9" in done.words


def test_a_key_of_another_form_is_told_on_a_line_of_its_own(shopwatch: Program) -> None:
    shopwatch.run("source", "add", "shopify", "--set", "shop=no host at all")
    shopwatch.run("secret", "set", "shopify-1", "--api-key", stdin="shpat_0123456789abcdef")
    done = shopwatch.run("catchup")
    assert done.code == 1
    [line] = done.lines
    assert {"source", "since", "asked", "brought_in", "problem", "explanation"} == set(line)
    assert (line["source"], line["brought_in"], line["problem"]) == ("shopify-1", 0, "api-unreadable")
    assert "Shopify" in done.words


def test_how_often_is_asked_is_a_setting_of_the_source(shopwatch: Program) -> None:
    assert shopwatch.run("source", "add", "stripe", "--set", "poll=60").code == 0
    done = shopwatch.run("source", "add", "stripe", "--set", "poll=often")
    assert done.code == 2
    assert "“often” is not a time" in done.words
