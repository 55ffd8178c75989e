"""The desktop program under load, on a display of its own: answers, the window's lag, and what a large ledger costs."""
