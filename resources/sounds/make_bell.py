"""Makes ShopWatch's own bells. Run it to make the files anew.

bell.wav is the till's: two soft strikes, a fourth apart. special.wav has four that climb a chord.
"""

import math
import struct
import wave
from pathlib import Path

RATE = 44_100
LENGTH = 1.15
FADE = 0.08
PEAK = 0.7

# A struck bell rings in partials that are not whole multiples; the higher ones die first.
PARTIALS = ((1.0, 1.0, 3.4), (2.0, 0.42, 5.0), (2.76, 0.30, 7.5), (4.07, 0.16, 11.0), (5.43, 0.10, 16.0))
# When, how high (hertz) and how loud.
BELLS = {
    "bell": ((0.0, 1318.5, 0.75), (0.105, 1760.0, 1.0)),
    "special": ((0.0, 1046.5, 0.7), (0.09, 1318.5, 0.75), (0.18, 1568.0, 0.8), (0.27, 2093.0, 1.0)),
}
ATTACK = 0.004


def sample(bell: str, at: float) -> float:
    """The bell's loudness `at` seconds, before it is levelled."""
    sound = 0.0
    for start, pitch, loud in BELLS[bell]:
        since = at - start
        if since > 0:
            onset = min(since / ATTACK, 1.0)
            sound += (
                loud
                * onset
                * sum(
                    part * math.exp(-fall * since) * math.sin(math.tau * pitch * ratio * since)
                    for ratio, part, fall in PARTIALS
                )
            )
    return sound * min((LENGTH - at) / FADE, 1.0)


def main() -> None:
    for bell in BELLS:
        samples = [sample(bell, place / RATE) for place in range(round(RATE * LENGTH))]
        level = PEAK * 32_767 / max(map(abs, samples))
        with wave.open(str(Path(__file__).with_name(f"{bell}.wav")), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(b"".join(struct.pack("<h", round(value * level)) for value in samples))


if __name__ == "__main__":
    main()
