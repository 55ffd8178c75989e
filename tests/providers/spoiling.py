"""Answers that are not what they should be."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st


def any_json(*likely: str, max_leaves: int = 8) -> st.SearchStrategy[Any]:
    """Whatever JSON can say, with these texts more often than others."""
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(likely),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=max_leaves,
    )


def spoil(draw: Callable[[st.SearchStrategy[Any]], Any], told: Any, odd: st.SearchStrategy[Any]) -> None:
    """Put something odd at one place within `told`, an object or a list that is not empty."""
    at = told
    while True:
        place = draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if not isinstance(at[place], dict | list) or not at[place] or draw(st.booleans()):
            at[place] = draw(odd)
            return
        at = at[place]
