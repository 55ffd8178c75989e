"""Lamps, the banner, and what stands behind them."""
