"""Durable answers a second: ShopWatch, an aiohttp server that does nothing, and Debian's webhook, side by side."""
