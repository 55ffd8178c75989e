"""The main window, its pages and what surrounds them."""
