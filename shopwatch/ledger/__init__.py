"""The durable store: what came in, what it means, and finding it again."""

from shopwatch.ledger.ledger import Ledger, write_down
from shopwatch.ledger.writing.booking import DIFFERENT_CONTENT, Recorded
from shopwatch.ledger.writing.writer_process import WriterProcessConfig

__all__ = ["DIFFERENT_CONTENT", "Ledger", "Recorded", "WriterProcessConfig", "write_down"]
