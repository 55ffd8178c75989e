"""Makes the program's icons from the mark as ShopWatch paints it: PNG, ICO, ICNS, and the same drawing as SVG.

Run it from the project's folder when the mark has changed: `python -m resources.icons.make_icons`.
"""

import os
import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication

from shopwatch.ui.look.mark import mark_pixmap

FOLDER = Path(__file__).parent
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_KINDS = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="#0B6787"/>
  <path d="M7 9h18v5a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0z" fill="#fff"/>
  <path d="M13 9h6v5a3 3 0 0 1-6 0z" fill="#0B6787" opacity=".55"/>
  <path d="M9 19.5V23a1.5 1.5 0 0 0 1.5 1.5h11A1.5 1.5 0 0 0 23 23v-3.5" fill="none" stroke="#fff" stroke-width="2" \
stroke-linecap="round"/>
</svg>
"""


def png(size: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    mark_pixmap(size).save(buffer, "PNG")
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """A Windows icon file; every entry is a PNG, as Windows has read since Vista."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(head) + 16 * len(pictures)
    entries = b""
    for size, picture in pictures.items():
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return head + entries + b"".join(pictures.values())


def icns(pictures: dict[bytes, bytes]) -> bytes:
    """A macOS icon file."""
    body = b"".join(struct.pack(">4sI", kind, len(picture) + 8) + picture for kind, picture in pictures.items())
    return struct.pack(">4sI", b"icns", len(body) + 8) + body


def main() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication([])
    (FOLDER / "shopwatch.svg").write_text(SVG, "utf-8")
    (FOLDER / "shopwatch.png").write_bytes(png(256))
    (FOLDER / "shopwatch.ico").write_bytes(ico({size: png(size) for size in ICO_SIZES}))
    (FOLDER / "shopwatch.icns").write_bytes(icns({kind: png(size) for kind, size in ICNS_KINDS.items()}))
    application.quit()


if __name__ == "__main__":
    main()
