"""Asking providers: what their messages lack, and what it takes to believe them."""
