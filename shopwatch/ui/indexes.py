"""Places in Qt's lists and tables."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

type AnyIndex = QModelIndex | QPersistentModelIndex

NO_INDEX = QModelIndex()
"""Above all rows."""
