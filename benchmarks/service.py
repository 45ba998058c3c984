"""The service under load on loopback: how long until the first verdict, then latency at each rate, memory, errors.

    python -m benchmarks.service DATA --rates 5 20 50 --seconds 20

Questions arrive by the clock, whether or not those before are answered, and latency counts from when one was due: a
service that falls behind cannot hide it. DATA is a folder with published releases; a copy of it is asked.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import numpy as np

from benchmarks import results
from benchmarks.results import Result, held_mb, told

HOST = "127.0.0.1"
CREATED, ANSWERED = 201, 200
PATIENCE_S = 120.0
QUIET, LOOK_S = 0.1, 2.0  # settled: of the processor's time, over so many seconds
RATES = (5.0, 20.0, 50.0, 100.0, 200.0)
WARM, SEED = 20, 10  # questions before the first rate; of its own, each rate has others


def main() -> None:
    """Print the table and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rates", type=float, nargs="+", default=list(RATES), help="questions a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument(
        "--box", type=float, nargs=4, default=(120.0, 36.0, 120.9, 36.8), help="where sites lie, degrees"
    )
    results.folder_argument(parser)
    asked = parser.parse_args()
    machine = results.machine()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(shutil.copytree(asked.data, Path(folder) / "data"))
        found = {"machine": machine, **measured(data, asked.box, *asked.rates, seconds=asked.seconds)}
    found = results.keep(asked.results, "service", found)
    results.publish(asked.results, "service", table(found))


def measured(data: Path, box: Sequence[float], *rates: float, seconds: float) -> Result:
    """Start, memory, and latency at every rate in turn, of the service over a data folder.

    Args:
        data: With published releases; its cases grow.
        box: Where sites lie: west, south, east, north, degrees.
        rates: Questions a second.
        seconds: Of every rate.
    """
    with served(data) as (port, process, begun):
        found: Result = {}

        def reached(step: str) -> None:
            found[f"{step}_s"] = round(time.perf_counter() - begun, 2)
            found[f"{step}_cpu_s"] = round(processor_s(process.pid), 2)
            told(f"{step} after {found[f'{step}_s']} s")

        _wait(port, process)
        reached("ready")
        first, *warm = questions(box, 1 + WARM)
        if not ask(port, first):
            raise SystemExit("the first question is not answered with a verdict")
        reached("first")
        found["memory_mb"] = round(held_mb(process.pid))
        for body in warm:
            ask(port, body)
        _settle(process.pid)
        reached("settled")
        found["loads"] = []
        for number, rate in enumerate(rates):
            bodies = questions(box, int(rate * seconds), seed=SEED + number)
            before = processor_s(process.pid)
            latencies, errors = under_load(port, bodies, rate)
            p50, p99 = np.quantile(latencies, [0.5, 0.99]) * 1e3
            load = {
                "rate": rate,
                "questions": len(bodies),
                "p50_ms": round(float(p50), 1),
                "p99_ms": round(float(p99), 1),
                "errors": errors,
                "cpu_ms": round((processor_s(process.pid) - before) * 1e3 / len(bodies), 2),
            }
            found["loads"].append(load)
            told(f"{rate:g}/s: " + " · ".join(load_cells(load)))
        found["peak_mb"] = round(held_mb(process.pid, most=True))
    return found


def load_cells(load: Result) -> list[str]:
    """Latency, errors and processor time at one rate, as a table has them."""
    return [f"{load['p50_ms']:,.1f} ms", f"{load['p99_ms']:,.1f} ms", str(load["errors"]), f"{load['cpu_ms']:.1f} ms"]


def table(found: Result) -> str:
    """Start and memory in words, one line for every rate."""
    steps = ", ".join(
        f"{words} {found[f'{step}_s']:.2f} s ({found[f'{step}_cpu_s']:.2f} s)"
        for step, words in (("ready", "ready after"), ("first", "first verdict after"), ("settled", "settled after"))
    )
    rows = [[f"{one['rate']:g}/s", f"{one['questions']:,}", *load_cells(one)] for one in found["loads"]]
    head = ["asked", "questions", "p50", "p99", "errors", "processor time a question"]
    return (
        f"{results.machine_words(found)} By the clock (in brackets seconds of processor time): {steps}. "
        f"{found['memory_mb']:,} MB after the first verdict, {found['peak_mb']:,} MB at most.\n\n"
        f"{results.markdown(head, rows)}"
    )


@contextmanager
def served(data: Path) -> Iterator[tuple[int, subprocess.Popen[bytes], float]]:
    """The service in a process of its own: its port, the process, and when it was started."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", str(port)],
        env={**os.environ, "THREELINES_DATA": str(data), "THREELINES_REQUEST_LIMIT": "", "THREELINES_SITE_LIMIT": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port, process, begun
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until and process.poll() is None:
        try:
            connection = HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == ANSWERED:
                return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the service does not answer")


def questions(box: Sequence[float], count: int, seed: int = 3) -> list[bytes]:
    """Bodies of screenings: parcels of some ten hectares anywhere in a box, one project."""
    rng = np.random.default_rng(seed)
    west, south, east, north = box
    corners = rng.uniform((west, south), (east, north), (count, 2))
    return [json.dumps(_question(float(x), float(y))).encode() for x, y in corners]


def _question(x: float, y: float) -> dict[str, object]:
    ring = [[x, y], [x + 0.004, y], [x + 0.004, y + 0.003], [x, y + 0.003], [x, y]]
    facts = {"water_m3_per_year": 100.0, "discharges_wastewater": True}
    return {
        "site": {"geometry": {"type": "Polygon", "coordinates": [ring]}},
        "project": {"industries": ["C2614"], "facts": facts},
    }


def ask(port: int, body: bytes) -> bool:
    """Whether one question is answered with a screening."""
    connection = HTTPConnection(HOST, port, timeout=60)
    connection.request("POST", "/api/v1/screenings", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status == CREATED


def under_load(port: int, bodies: list[bytes], rate: float) -> tuple[list[float], int]:
    """Seconds from when each question was due to its answer, and how many failed."""
    begun = time.perf_counter() + 0.2

    def one(i: int) -> tuple[float, bool]:
        due = begun + i / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        try:
            is_answered = ask(port, bodies[i])
        except OSError:
            is_answered = False
        return time.perf_counter() - due, is_answered

    with ThreadPoolExecutor(64) as pool:
        found = list(pool.map(one, range(len(bodies))))
    return [took for took, _ in found], sum(not is_answered for _, is_answered in found)


def processor_s(pid: int) -> float:
    """Seconds of processor time a process has taken, all of its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _settle(pid: int) -> None:
    """Wait until what a start leaves to the background (the map's first zooms) is done."""
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until:
        before = processor_s(pid)
        time.sleep(LOOK_S)
        if processor_s(pid) - before < QUIET * LOOK_S:
            return
    told("it does not settle")


if __name__ == "__main__":
    main()
