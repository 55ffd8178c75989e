"""Phone numbers: what two spellings of one have in common, and how one is found."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MOST_DIGITS = 15
"""Of a phone number, by ITU-T E.164."""
BETWEEN = r"[\s().\-/+\u2010-\u2015]*+"
"""What may stand between two digits of a phone number; in a form, a plus is a space."""
_PHONE = re.compile(r"\+?\(?\+?[0-9][0-9\s().\-/\u2010-\u2015]*")
_DIGITS = re.compile(r"[0-9]+")
_FEWEST_DIGITS = 4
_LONGEST = 256
_SLICE = 256


def phone_key(text: str, country: str = "") -> str:
    """The digits of a phone number behind a plus, those of its country first; empty where `text` holds none.

    A number without its country is taken for one of `country` (ISO 3166, two letters) if it can be one there, and stays
    without otherwise. Also of "whatsapp:+1 555 …", "tel:…" and "+44 (0)20 …"; an extension is left out.
    """
    found = _PHONE.search(dialled(text[:_LONGEST]))
    if found is None:
        return ""
    digits = "".join(_DIGITS.findall(found[0]))
    abroad = found[0].startswith(("+", "(+")) or digits.startswith("00")
    plain = digits.removeprefix("00")
    if not _FEWEST_DIGITS <= len(plain) <= MOST_DIGITS:
        return ""
    return next(_parse_phone(plain, country, abroad=abroad), f"+{plain}")


def _parse_phone(digits: str, country: str, *, abroad: bool) -> Iterator[str]:
    """What the digits may mean, the likeliest first."""
    import phonenumbers  # noqa: PLC0415 - most starts meet no phone number

    ways: list[tuple[str, str | None]] = [(f"+{digits}", None)]
    if country and not abroad:
        # Where numbers begin with 0 at home, one that does not may have come with its country and without the plus.
        at_home = digits.startswith("0") or _trunk_prefix(country) != "0"
        ways.insert(0 if at_home else 1, (digits, country))
    for text, region in ways:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) or (abroad and phonenumbers.is_possible_number(number)):
            yield phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=256)
def _trunk_prefix(country: str) -> str:
    """What is dialled before a number within this country, if anything."""
    from phonenumbers.phonenumberutil import ndd_prefix_for_region  # noqa: PLC0415 - see above

    return ndd_prefix_for_region(country, True) or "" if country else ""


def spellings(key: str, country: str) -> tuple[str, str]:
    """The digits that every spelling ends with of the number that has this key, and a pattern of all that make this key
    in a shop of `country`."""
    import phonenumbers  # noqa: PLC0415 - see above

    digits = key.removeprefix("+")
    try:
        number = phonenumbers.parse(key, None)
    except phonenumbers.NumberParseException:
        return digits, _spelled_forms("(?:00)?", digits)
    code, ending = number.country_code or 0, phonenumbers.national_significant_number(number)
    region = phonenumbers.region_code_for_number(number) or ""
    begins = f"(?:00)?{_digits_between(str(code))}(?:{_digits_between(_trunk_prefix(region))})?"
    if region and country in phonenumbers.region_codes_for_country_code(code):
        trunk = _trunk_prefix(country)
        begins = f"(?:{begins}|(?:{_digits_between(trunk)}){'' if trunk == '0' else '?'})"
    return ending, _spelled_forms(begins, ending)


def _spelled_forms(begins: str, digits: str) -> str:
    return rf"(?<!\d){begins}{BETWEEN.join(digits)}(?!\d)"


def _digits_between(digits: str) -> str:
    return "".join(each + BETWEEN for each in digits)


def dialled(text: str) -> str:
    """`text` with the digits and signs of its phone numbers as a telephone has them, and without "(0)"."""
    if not text.isascii():
        # In slices: how long it takes grows with the square of how many marks are on one letter.
        slices = (text[at : at + _SLICE] for at in range(0, len(text), _SLICE))
        text = "".join(unicodedata.normalize("NFKC", each) for each in slices)
    return text.replace("(0)", "")


def phone_ends(key: str) -> list[str]:
    """The ends of a phone number: whatever run of its digits somebody types, one of these begins with it."""
    digits = key.removeprefix("+")
    return [digits[start:] for start in range(len(digits) - _FEWEST_DIGITS + 1)]


def typed_digits(text: str) -> tuple[str, ...]:
    """The digits of a search that looks like a phone number or a part of one, and those behind a 0 that is dialled only
    at home; else nothing."""
    plain = dialled(text[:_LONGEST]).strip()
    digits = "".join(_DIGITS.findall(plain))
    looks_so = len(digits) >= _FEWEST_DIGITS and _PHONE.fullmatch(plain) is not None
    return (digits.removeprefix("00"), digits.lstrip("0") or digits) if looks_so else ()
