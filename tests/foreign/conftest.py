"""Everything here needs the libraries of senders, which `make foreign` brings; elsewhere it is left out."""

import importlib.util
from pathlib import Path

DESCRIPTIONS = Path(__file__).parent / "descriptions"

if importlib.util.find_spec("stripe") is None:
    collect_ignore_glob = ["test_*.py"]
