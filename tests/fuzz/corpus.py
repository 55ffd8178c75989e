"""The inputs that reached something new, one packed file for each target: one input a line, as JSON text in Latin-1
that stands for its bytes."""

import json
from collections.abc import Iterable
from pathlib import Path

_FOLDER = Path(__file__).parent / "corpus"


def load(target: str) -> list[bytes]:
    """What is kept for the target of this name."""
    try:
        lines = _file(target).read_text("ascii").splitlines()
    except FileNotFoundError:
        return []
    return [str(json.loads(line)).encode("latin-1") for line in lines]


def save(target: str, inputs: Iterable[bytes]) -> None:
    """Keep exactly these."""
    lines = [json.dumps(each.decode("latin-1")) for each in inputs]
    _FOLDER.mkdir(exist_ok=True)
    if lines:
        _file(target).write_text("\n".join(lines) + "\n", "ascii")
    else:
        _file(target).unlink(missing_ok=True)


def names() -> set[str]:
    """The targets for which something is kept."""
    return {each.stem for each in _FOLDER.glob("*.jsonl")}


def _file(target: str) -> Path:
    return _FOLDER / f"{target}.jsonl"
