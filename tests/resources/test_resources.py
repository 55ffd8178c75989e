import struct
import wave

import pytest

from resources.sounds import make_bell
from shopwatch.host.resources import resource

BELLS = pytest.mark.parametrize("name", make_bell.BELLS)


@BELLS
def test_a_bell_is_short_small_and_does_not_clip_or_click(name: str) -> None:
    file = resource("sounds", f"{name}.wav")
    assert file.stat().st_size < 150_000
    with wave.open(str(file)) as bell:
        frames = bell.getnframes()
        assert frames / bell.getframerate() < 1.2
        samples = struct.unpack(f"<{frames}h", bell.readframes(frames))
    assert 10_000 < max(map(abs, samples)) < 32_767
    assert abs(samples[0]) < 50
    assert abs(samples[-1]) < 50


@BELLS
def test_a_bell_is_what_its_maker_makes(name: str) -> None:
    with wave.open(str(resource("sounds", f"{name}.wav"))) as bell:
        samples = struct.unpack(f"<{bell.getnframes()}h", bell.readframes(bell.getnframes()))
    level = max(map(abs, samples)) / max(abs(make_bell.sample(name, n / make_bell.RATE)) for n in range(len(samples)))
    for place in (0, 500, 5_000, 20_000, len(samples) - 1):
        assert samples[place] == pytest.approx(make_bell.sample(name, place / make_bell.RATE) * level, abs=2)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("shopwatch.png", b"\x89PNG\r\n\x1a\n"),
        ("shopwatch.ico", b"\x00\x00\x01\x00"),
        ("shopwatch.icns", b"icns"),
        ("shopwatch.svg", b"<svg "),
    ],
)
def test_every_system_has_its_icon(name: str, start: bytes) -> None:
    assert resource("icons", name).read_bytes().startswith(start)
