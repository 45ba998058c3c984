"""The service under load on loopback: how long until the first verdict, then latency at a rate, memory, errors.

    python -m benchmarks.service DATA --rate 20 --seconds 20

Questions arrive by the clock, whether or not those before are answered, and latency counts from when one was due: a
service that falls behind cannot hide it. DATA is a folder with published releases; its cases grow, so give it a copy.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import numpy as np

HOST = "127.0.0.1"
CREATED, ANSWERED = 201, 200
PATIENCE_S = 120.0


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rate", type=float, default=20.0, help="questions a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument(
        "--box", type=float, nargs=4, default=(120.0, 36.0, 120.9, 36.8), help="where sites lie, degrees"
    )
    asked = parser.parse_args()
    with served(asked.data) as (port, process, begun):
        _wait(port, process)
        ready = time.perf_counter() - begun
        bodies = questions(asked.box, int(asked.rate * asked.seconds))
        ask(port, bodies[0])
        first = time.perf_counter() - begun
        for body in bodies[:20]:
            ask(port, body)
        latencies, errors = under_load(port, bodies, asked.rate)
        p50, p99 = np.quantile(latencies, [0.5, 0.99]) * 1e3
        print(f"ready after {ready:.2f} s, first verdict after {first:.2f} s, at most {peak_mb(process.pid):.0f} MB")
        print(f"{len(bodies)} questions at {asked.rate:g}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms, {errors} errors")


@contextmanager
def served(data: Path) -> Iterator[tuple[int, subprocess.Popen[bytes], float]]:
    """The service in a process of its own: its port, the process, and when it was started."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", str(port)],
        env={**os.environ, "THREELINES_DATA": str(data)},
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


def questions(box: tuple[float, float, float, float], count: int, seed: int = 3) -> list[bytes]:
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


def peak_mb(pid: int) -> float:
    """The most memory a process has held, megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


if __name__ == "__main__":
    main()
