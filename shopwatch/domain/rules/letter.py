"""Letters: what the shop writes to a customer, and what may stand in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """One template in one language ("" serves all others). Those of the same `id` are one letter in several languages.

    `subject` and `text` are plain, `html` is optional; all three are templates of the owner's own.
    """

    id: str
    name: str
    subject: str
    text: str
    html: str = ""
    language: str = ""


THANKS = Letter(
    id="thanks",
    name="Thank you",
    subject="Your order {{ order }}{% if shop %} at {{ shop }}{% endif %}",
    text=(
        "Hello{% if name %} {{ name }}{% endif %},\n\n"
        "thank you for your order {{ order }}.\n\n"
        "{% for item in items %}{{ item.qty }} × {{ item.name }}{% if item.total %}  {{ item.total }}{% endif %}\n"
        "{% endfor %}{% if amount %}\nTotal: {{ amount }}\n{% endif %}\n"
        "{{ shop }}\n"
    ),
)
"""What a new shop's e-mail step sends."""


def choose(letters: tuple[Letter, ...], letter_id: str, language: str) -> Letter | None:
    """The letter of this id in the customer's language ("de-AT"), or the nearest there is; None if there is none."""
    found = {each.language.lower(): each for each in letters if each.id == letter_id}
    if not found and letter_id == THANKS.id:
        return THANKS
    wanted = language.replace("_", "-").lower()
    for tried in (wanted, wanted.partition("-")[0], ""):
        if tried in found:
            return found[tried]
    return next(iter(found.values()), None)
