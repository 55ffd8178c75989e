"""Money: whole minor units and an ISO 4217 code, never floats."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

# ISO 4217, the codes whose smallest unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_CODES = frozenset(
    (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
        "CHF CLF CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ "
        "GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR "
        "LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK "
        "PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
        "TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XCD XCG XOF XPF YER ZAR ZMW "
        "ZWG ZWL"
    ).split()
)
ISO: Mapping[str, int] = MappingProxyType({})
"""For senders that count every currency as ISO 4217 does."""
_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?", re.ASCII)

LARGEST = 2**53 - 1
"""The largest minor amount that is counted; beyond it an amount is text, because stores and spreadsheets bend it."""


# Nothing in it leads back to it, so Python need not look through the thousands of them for circles.
class Money(Struct, frozen=True, gc=False):
    """`minor` of the currency's smallest units (cents for USD, yen for JPY, fils for KWD); may be negative."""

    minor: int
    currency: str

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def text(self, locale: str) -> str:
        """As the owner's locale writes it, with a true minus sign: "$1,008.50", "−€34.00"."""
        pattern = _pattern(locale, self.currency)
        written: str = pattern.apply(abs(self.decimal), locale, currency=self.currency, currency_digits=False)
        return "\N{MINUS SIGN}" + written if self.minor < 0 else written


@lru_cache(maxsize=256)
def _pattern(locale: str, currency: str) -> "NumberPattern":
    """How the locale writes this currency. Of the decimals none is left out, as CLDR does for some currencies."""
    from babel import Locale  # noqa: PLC0415 - slow to load, and judging writes no amounts
    from babel.numbers import get_currency_symbol, parse_pattern  # noqa: PLC0415 - the same

    parsed = Locale.parse(locale)
    decimals = exponent(currency)
    written = parsed.currency_formats["standard"].pattern.replace(".00", "." + "0" * decimals if decimals else "")
    symbol = get_currency_symbol(currency, parsed)
    # CLDR, currency spacing: letters never touch the number.
    if symbol[-1].isalpha():
        written = written.replace("\N{CURRENCY SIGN}#", "\N{CURRENCY SIGN}\N{NO-BREAK SPACE}#")
    return parse_pattern(written)


def exponent(currency: str) -> int:
    """How many decimals the currency has (2 unless ISO 4217 says otherwise)."""
    return _EXPONENTS.get(currency, 2)


def currency_code(value: object) -> str | None:
    """The upper-case ISO code, or None if `value` is none: of an unknown currency nobody knows the smallest unit."""
    if not isinstance(value, str):
        return None
    if value in _CODES:
        return value
    code = value.upper() if len(value) == 3 and value.isascii() else ""
    return code if code in _CODES else None


def from_minor(value: object, currency: object, decimals: Mapping[str, int] = ISO) -> Money | None:
    """Money from an integer (or its decimal digits) of minor units; None if we cannot be sure of it.

    `decimals` are those of the currencies that the sender counts otherwise than ISO 4217.
    """
    code = currency_code(currency)
    if code is None or isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value, re.ASCII):
        value = int(value)
    if not isinstance(value, int) or abs(value) > LARGEST:
        return None
    if code not in decimals:
        return Money(value, code)
    shift = exponent(code) - decimals[code]
    minor, rest = (value * 10**shift, 0) if shift >= 0 else divmod(value, 10**-shift)
    return Money(minor, code) if not rest and abs(minor) <= LARGEST else None


def from_decimal(value: object, currency: object) -> Money | None:
    """Money from a decimal text in major units ("59.85"); None if we cannot be sure of it.

    More decimals than the currency has are refused unless they are zeros: rounding money is guessing.
    """
    code = currency_code(currency)
    if code is None or not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        return None
    try:
        minor = Decimal(value).scaleb(exponent(code))
    except InvalidOperation:
        return None
    if minor != minor.to_integral_value() or abs(minor) > LARGEST:
        return None
    return Money(int(minor), code)
