"""The ngrok program that ShopWatch fetches: one version, known by its digests, so that nothing else is ever run.

The digests are ngrok's own, as published with version 3.39.10 for package managers: Linux in nixpkgs
(pkgs/by-name/ng/ngrok, written from the answer of update.ngrok-agent.com), macOS in ngrok/homebrew-ngrok
(Casks/ngrok.rb), Windows in ngrok/choco-ngrok (chocolateyinstall.ps1). Addresses with `/a/` keep one version for ever.
"""

import platform
from dataclasses import dataclass
from pathlib import Path

VERSION = "3.39.10"
_ENDING = ".exe" if platform.system() == "Windows" else ""
MEMBER = f"ngrok{_ENDING}"
"""What the program is called in an archive."""


@dataclass(frozen=True, slots=True)
class Release:
    """Where one program lies, bare or alone in a zip archive, and the SHA-256 of what is given there, in hex."""

    url: str
    sha256: str

    @property
    def is_packed(self) -> bool:
        return self.url.endswith(".zip")


def _release(place: str, kind: str, sha256: str) -> Release:
    return Release(f"https://bin.ngrok.com/a/{place}/ngrok-v3-{VERSION}-{kind}", sha256)


_WINDOWS = _release(
    "4L7aVh5HPND", "windows-amd64.zip", "34a62ff5869c6d217502432475419a43c79ca3d8264ae0332a1f02a4bf35dd31"
)
RELEASES = {
    ("Linux", "x86_64"): _release(
        "jhBAuesrzKn", "linux-amd64", "b475c31b409ed3426091bde78b60fae27edee470c2320cb3065743c159b9b27b"
    ),
    ("Linux", "aarch64"): _release(
        "55PuHLixvyF", "linux-arm64", "a2d1d4d8daebcdae054153bedba96f0fabc7859f049f6d166ef2526ef6620abe"
    ),
    ("Darwin", "x86_64"): _release(
        "eQUAEd6HW8t", "darwin-amd64.zip", "eaf70523d9235f09a2cd145f6e0de72ef86816448c34268fe71c2af543f4fc38"
    ),
    ("Darwin", "arm64"): _release(
        "3DWeKypL9z6", "darwin-arm64.zip", "907cb61b6fa5837e3ac2cfa4ab8e8b1efe85c6e7cd11c99974a5607b5ea21ceb"
    ),
    ("Windows", "AMD64"): _WINDOWS,
    ("Windows", "ARM64"): _WINDOWS,  # Windows on ARM runs it as well, and for its own nobody has published a digest
}
"""By what Python calls the system and the machine: every kind of computer for which Qt comes as a wheel."""


def release_here() -> Release | None:
    """The one for this computer, if there is one."""
    return RELEASES.get((platform.system(), platform.machine()))


def own_program(folder: Path) -> Path:
    """Where in `folder` the program of this version lies once it was fetched and found to be the right one."""
    return folder / f"ngrok-{VERSION}{_ENDING}"
