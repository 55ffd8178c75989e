"""However a message is written, a name that it says twice is never passed over."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.providers.kit.reading import Unreadable, parse_any

NAMES = st.sampled_from(["a", "b", 'a":', " a :", "a\\", '"', ":"])
GAPS = st.text(" \n\r\t", max_size=2)


TREES = st.recursive(
    st.one_of(NAMES, st.integers(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(st.tuples(NAMES, GAPS, inner), max_size=4).map(tuple)
    ),
    max_leaves=12,
)


def written(tree: Any) -> str:
    match tree:
        case tuple():
            return "{" + ",".join(f"{json.dumps(name)}{gap}:{written(value)}" for name, gap, value in tree) + "}"
        case list():
            return "[" + ",".join(map(written, tree)) + "]"
        case _:
            return json.dumps(tree)


def meant(tree: Any) -> Any:
    """What it says. Raises ValueError if it says one thing in two ways."""
    match tree:
        case tuple():
            found = {name: meant(value) for name, _, value in tree}
            if len(found) < len(tree):
                raise ValueError("twice")
            return found
        case list():
            return [meant(each) for each in tree]
        case _:
            return tree


@given(TREES)
def test_what_says_one_thing_in_two_ways_is_not_read(tree: Any) -> None:
    text = written(tree).encode()
    try:
        whole = meant(tree)
    except ValueError:
        with pytest.raises(Unreadable):
            parse_any(text)
    else:
        assert parse_any(text) == whole


def test_what_grows_when_it_is_written_again_hides_no_name_said_twice() -> None:
    with pytest.raises(Unreadable):
        parse_any(b'{"a":1,"a":1,"b":[1e2,1e2,1e2,1e2,1e2,1e2]}')
