import base64
import html
import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.secrets.redaction import HIDDEN, hide, outdate, redact

SECRET = 'whsec_"Zm9v/Yg+8\\é&<o>=='


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        SECRET[:8],
        SECRET[:12],
        SECRET[::-1],
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        quote(SECRET, safe=""),
        repr(SECRET),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        json.dumps(SECRET).replace("/", "\\/"),
        json.dumps(json.dumps(SECRET)),
        html.escape(SECRET),
        html.escape(SECRET, quote=False),
        html.escape(json.dumps(SECRET)),
        re.sub("%..", lambda found: found[0].lower(), quote(SECRET, safe="")),
        quote(json.dumps(SECRET)[1:-1], safe=""),
        quote(base64.b64encode(SECRET.encode()).decode(), safe=""),
        base64.b64encode(json.dumps(SECRET)[1:-1].encode()).decode(),
    ],
)
def test_a_known_secret_is_hidden_in_every_form(form: str) -> None:
    redact(SECRET)
    shown = hide(f"token={form} went out")
    assert form not in shown
    assert HIDDEN in shown
    assert shown.startswith("token=")
    assert shown.endswith(" went out")


@given(before=st.text(max_size=5), after=st.text(max_size=5))
def test_its_base64_is_hidden_wherever_it_starts(before: str, after: str) -> None:
    redact("whsec_inside_0123456789")
    encoded = base64.b64encode(f"{before}whsec_inside_0123456789{after}".encode()).decode()
    assert HIDDEN in hide(encoded)


def test_short_words_and_unknown_text_are_left_alone() -> None:
    redact("sale")
    assert hide("a sale of 3 mugs") == "a sale of 3 mugs"


def test_what_is_of_no_use_any_more_is_not_looked_for() -> None:
    redact("refresh-token-of-yesterday")
    outdate("refresh-token-of-yesterday")
    assert hide("it was refresh-token-of-yesterday") == "it was refresh-token-of-yesterday"
