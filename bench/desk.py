"""`python -m bench.desk`: twenty people at the desk for a minute, on a month of 20,000 families, while the next is run.

Each of them signs in by the form, then goes from page to page as a coordinator does, a second or so between pages. The
desk is a process of its own; `hearth run` makes and publishes the next month beside it on the same machine.
"""

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx

from bench.report import put

PEOPLE = 195_000
MONTHS = ("2026-09", "2026-10")
PASSWORD = "four slow barges pass"  # noqa: S105 - of users who live for a minute
PORT = 8799
_AFTERWARDS = 8.0
_TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')
_FAMILY = re.compile(r'href="(/families/f[a-z2-7]{11})"')
_REVIEW = re.compile(r'href="(/reviews/[A-Za-z0-9]{8,})"')


@dataclass
class Seen:
    """What the visitors met: seconds of each kind of page, and whatever was not an answer as it should be."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    months: set[str] = field(default_factory=set)


async def visit(number: int, goes_on: Callable[[], bool], seen: Seen) -> None:
    """One person at the desk for as long as it goes on."""
    luck = random.Random(number)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30) as client:
        form = await client.get("/sign-in")
        token = _TOKEN.search(form.text)
        data = {"csrf_token": token[1] if token else "", "username": f"user{number}", "password": PASSWORD}
        signed_in = await client.post("/sign-in", data=data)
        if signed_in.status_code != 303:
            seen.errors.append(f"sign-in: {signed_in.status_code}")
            return
        while goes_on():
            await _round(client, luck, seen)


async def _round(client: httpx.AsyncClient, luck: random.Random, seen: Seen) -> None:
    await _page(client, "this month", "/", luck, seen)
    lists = ["/families", "/families?change=new", "/families?page=2", f"/families?page={luck.randint(1, 9)}"]
    listed = await _page(client, "families", luck.choice(lists), luck, seen)
    if families := _FAMILY.findall(listed):
        await _page(client, "a family", luck.choice(families), luck, seen)
    asked = await _page(client, "reviews", "/reviews", luck, seen)
    if questions := _REVIEW.findall(asked):
        await _page(client, "a review", luck.choice(questions), luck, seen)
    await _page(client, "key workers", "/key-workers", luck, seen)
    await _page(client, "claims", "/claims", luck, seen)


async def _page(client: httpx.AsyncClient, kind: str, path: str, luck: random.Random, seen: Seen) -> str:
    began = time.perf_counter()
    try:
        # As a browser does: a question that the month just published no longer asks leads back to the list.
        answer = await client.get(path, follow_redirects=True)
    except httpx.HTTPError as error:
        seen.errors.append(f"{kind}: {type(error).__name__}")
        return ""
    seen.seconds[kind].append(time.perf_counter() - began)
    if answer.status_code != 200:
        seen.errors.append(f"{kind}: {answer.status_code}")
    if kind == "this month":
        seen.months.update(re.findall(r'govuk-caption-l">(\w+ \d{4})<', answer.text))
    await asyncio.sleep(luck.uniform(0.5, 1.5))
    return str(answer.text)


async def _crowd(people: int, goes_on: Callable[[], bool]) -> Seen:
    seen = Seen()
    await asyncio.gather(*(visit(number, goes_on, seen) for number in range(people)))
    return seen


def _until(seconds: float, running: subprocess.Popen[bytes] | None) -> Callable[[], bool]:
    """Whether the visitors stay: for so many seconds, and until a month that is run has been seen."""
    end = time.perf_counter() + seconds

    def goes_on() -> bool:
        nonlocal end
        if running is not None and running.poll() is None:
            end = max(end, time.perf_counter() + _AFTERWARDS)
        return time.perf_counter() < end

    return goes_on


def main() -> None:
    """Make what is needed, serve it, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the council and its store are kept (default: temporary)")
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.folder or Path(temporary)
        _prepare(folder, said.visitors)
        found = {
            "alone": _measured(folder, said.visitors, said.seconds, run=None),
            "while a month is run and published": _measured(folder, said.visitors, said.seconds, run=MONTHS[1]),
        }
    put(said.out, "## At the desk", _section(found, said.visitors, said.seconds))
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


def _section(found: dict[str, dict[str, Any]], visitors: int, seconds: float) -> list[str]:
    pages = list(found["alone"]["median_ms_by_page"])
    told = (
        f"{visitors} coordinators at once for {seconds:.0f} seconds on a month of some 20,000 families, a second or so "
        "between pages; then again while `hearth run` makes and publishes the next month beside them on the same "
        "machine. Milliseconds; medians by page. Asked for are no error and a median under 200."
    )
    lines = [
        told,
        "",
        f"| | pages | errors | median | 95 % under | worst | {' | '.join(pages)} |",
        "|---|" + "---|" * (5 + len(pages)),
    ]
    for when, seen in found.items():
        by_page = " | ".join(str(seen["median_ms_by_page"].get(page, "")) for page in pages)
        figures = " | ".join(f"{seen[name]:,}" for name in ("pages", "errors", "median_ms", "p95_ms", "worst_ms"))
        lines.append(f"| {when} | {figures} | {by_page} |")
    return lines


def _hearth(folder: Path, *words: str, told: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("hearth")), *words]
    return subprocess.run(  # noqa: S603 - our own command
        command, env=_environment(folder), check=True, capture_output=True, text=True, input=told
    )


def _environment(folder: Path) -> dict[str, str]:
    own = {
        "HEARTH_LANDING": str(folder / "landing"),
        "HEARTH_STORE": str(folder / "store"),
        "HEARTH_POSTCODE_LOOKUP": str(folder / "landing" / "postcodes.csv"),
        "HEARTH_ALLOW_TEST_IDENTIFIERS": "true",
        "DAGSTER_HOME": str(folder / "dagster"),
    }
    return os.environ | own


def _prepare(folder: Path, visitors: int) -> None:
    (folder / "dagster").mkdir(parents=True, exist_ok=True)
    if not (folder / "landing" / MONTHS[0]).is_dir():
        _hearth(folder, "borough", str(folder / "landing"), "--people", str(PEOPLE), "--months", "2")
    if not (folder / "store" / "published" / f"{MONTHS[0]}.duckdb").is_file():
        _hearth(folder, "run", "--month", MONTHS[0])
    # Straight into the casebook: twenty passwords typed at twenty prompts would be the same.
    from casebook import people  # noqa: PLC0415
    from casebook.opening import open_casebook, sqlite_url  # noqa: PLC0415
    from casebook.signature import Signature  # noqa: PLC0415
    from schemas.vocabulary import DeskRole  # noqa: PLC0415

    casebook = open_casebook(sqlite_url(folder / "store" / "casebook" / "casebook.db"))
    with casebook.begin() as connection:
        for number in range(visitors):
            if people.named(connection, f"user{number}") is None:
                new = people.NewUser(f"user{number}", f"User {number}", DeskRole.COORDINATOR)
                people.add(connection, new, Signature.now(None), password=PASSWORD, must_change=False)
    casebook.close()


def _measured(folder: Path, visitors: int, seconds: float, *, run: str | None) -> dict[str, Any]:
    hearth = str(Path(sys.executable).with_name("hearth"))
    desk = subprocess.Popen([hearth, "desk", "--port", str(PORT)], env=_environment(folder))  # noqa: S603
    running = None
    try:
        _wait()
        if run is not None:
            running = subprocess.Popen(  # noqa: S603 - our own command
                [hearth, "run", "--month", run],
                env=_environment(folder),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        seen = asyncio.run(_crowd(visitors, _until(seconds, running)))
    finally:
        desk.terminate()
        desk.wait(timeout=30)
    return _told(seen, None if running is None else running.returncode)


def _wait() -> None:
    until = time.perf_counter() + 60
    while time.perf_counter() < until:
        try:
            httpx.get(f"http://127.0.0.1:{PORT}/sign-in", timeout=5)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the desk did not open")


def _told(seen: Seen, run_exit: int | None) -> dict[str, Any]:
    every = sorted(one for times in seen.seconds.values() for one in times)
    return {
        "pages": len(every),
        "errors": len(seen.errors),
        "kinds_of_error": sorted(set(seen.errors)),
        "median_ms": round(1000 * statistics.median(every)),
        "p95_ms": round(1000 * every[int(0.95 * (len(every) - 1))]),
        "worst_ms": round(1000 * every[-1]),
        "median_ms_by_page": {kind: round(1000 * statistics.median(times)) for kind, times in seen.seconds.items()},
        "months_shown": sorted(seen.months),
        "run_exit": run_exit,
    }


if __name__ == "__main__":
    main()
