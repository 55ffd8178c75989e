"""The registers of every provider that can be told whom to send to."""

from tests.standin import (
    registers_creators,
    registers_merchants,
    registers_notices,
    registers_payments,
    registers_shops,
)
from tests.standin.registers import Register

ALL: tuple[type[Register], ...] = (
    *registers_payments.ALL,
    *registers_merchants.ALL,
    *registers_shops.ALL,
    *registers_notices.ALL,
    *registers_creators.ALL,
)
