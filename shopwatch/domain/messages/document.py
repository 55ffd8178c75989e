"""A document: what anybody may read at the public address, ready in memory."""

from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Document:
    """`content_type` is a media type with its parameters; `etag` is another one for every other body."""

    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "etag", f'"{sha256(self.body).hexdigest()[:32]}"')
