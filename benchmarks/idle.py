"""What a program costs while nothing happens."""

import time

import psutil

SETTLING, IDLE = 15.0, 60.0


def idle(pid: int) -> float:
    """Percent of one core that ShopWatch uses while it is left alone, in all its processes, without ngrok's own."""
    time.sleep(SETTLING)
    before, began = _used(pid), time.monotonic()
    time.sleep(IDLE)
    return 100 * (_used(pid) - before) / (time.monotonic() - began)


def _used(pid: int) -> float:
    program = psutil.Process(pid)
    ours = [program, *(each for each in program.children() if "shopwatch" in each.cmdline())]
    return sum(each.cpu_times().user + each.cpu_times().system for each in ours)
