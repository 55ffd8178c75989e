"""Every door that is fuzzed."""

from tests.fuzz.target import Target
from tests.fuzz.targets import apis, books, files, listener, senders

TARGETS: list[Target] = [*senders.TARGETS, *apis.TARGETS, *books.TARGETS, *files.TARGETS, *listener.TARGETS]
