"""ShopWatch: every sale rings."""

__version__ = "0.1.0"
