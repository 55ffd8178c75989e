"""Different, correctly signed PayNow sales as bytes on the wire, and wrk sending them."""

import json
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from shopwatch.domain.messages.event import Kind
from shopwatch.providers.senders.paynow import PAYNOW
from shopwatch.runtime.clock import now

CONNECTIONS = 128
SECRET = "made-up-secret-for-benchmarks-only"
_SCRIPT = Path(__file__).with_name("replay.lua")
_SPARE = 4_000  # wrk asks for some more until it hears that it may stop


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk counted. `refused` are answers of status 400 and above, `broken` connections that failed."""

    answers: int
    seconds: float
    refused: int
    broken: int
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        return self.answers / self.seconds


def write_requests(file: Path, port: int, path: str, first_seed: int, count: int) -> None:
    """`count` sales that nobody sent before, if seeds are never used twice. They are fresh for five minutes, and their
    ids ascend as PayNow's do; in no order they would cost the ledger about half as much again."""
    with file.open("wb") as out:
        for seed in range(first_seed, first_seed + count + _SPARE):
            request = PAYNOW.practise(Kind.SALE, SECRET, now(), seed)
            lines = [b"POST %b HTTP/1.1" % path.encode(), b"Host: 127.0.0.1:%d" % port]
            lines += [b"%b: %b" % line for line in request.headers.lines]
            lines += [b"Content-Length: %d" % len(request.body), b"", request.body]
            whole = b"\r\n".join(lines)
            out.write(b"%08d" % len(whole) + whole)


def send(file: Path, port: int, count: int) -> Load:
    """Send `count` of the file's requests over 128 connections, as fast as they are answered."""
    called = ["wrk", "-t1", f"-c{CONNECTIONS}", "-d600s", "--timeout", "10s", "-s", str(_SCRIPT)]
    called += [f"http://127.0.0.1:{port}", "--", str(file), str(count)]
    with subprocess.Popen(called, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as wrk:
        assert wrk.stdout
        assert wrk.stderr
        wrk.stderr.readline()
        wrk.send_signal(signal.SIGINT)  # wrk ends early only so, and still counts
        said = wrk.stdout.read()
    result = next(line for line in said.splitlines() if line.startswith("RESULT "))
    return Load(**json.loads(result.removeprefix("RESULT ")))
