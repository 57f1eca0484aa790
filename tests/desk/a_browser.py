"""A real browser without a window, and the desk served to it on this machine."""

import contextlib
import os
import shutil
import socket
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import brotli
import uvicorn
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from starlette.applications import Starlette

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "node_modules"
_ARGS = ["--no-sandbox", "--disable-dev-shm-usage"]
_PACKED = MODULES / "@sparticuz" / "chromium" / "bin"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}


class NoBrowserError(RuntimeError):
    """No Chromium on this machine, and none to unpack."""


def find_chromium() -> tuple[Path, dict[str, str]]:
    """The machine's own Chromium, or the one from npm unpacked into the cache; with what its environment needs."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found), {}
    if not _PACKED.is_dir():
        message = f"No Chromium was found, and none lies in {_PACKED}. Install one with: npm ci --ignore-scripts"
        raise NoBrowserError(message)
    return _unpacked()


def _unpacked() -> tuple[Path, dict[str, str]]:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "hearth" / "chromium"
    binary = cache / "chromium"
    if not binary.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = cache / f"chromium.{os.getpid()}"
        fresh.write_bytes(brotli.decompress((_PACKED / "chromium.br").read_bytes()))
        fresh.chmod(0o755)
        _unpack(_PACKED / "al2023.tar.br", cache)
        fresh.replace(binary)
    has_own = any(Path(folder, "libnss3.so").exists() for folder in ("/usr/lib/x86_64-linux-gnu", "/usr/lib64"))
    return binary, {} if has_own else {"LD_LIBRARY_PATH": str(cache / "al2023" / "lib")}


def _unpack(archive: Path, into: Path) -> None:
    plain = into / archive.stem
    plain.write_bytes(brotli.decompress(archive.read_bytes()))
    with tarfile.open(plain) as packed:
        packed.extractall(into / "al2023", filter="data")
    plain.unlink()


@contextlib.contextmanager
def opened() -> Iterator[Browser]:
    """A running browser."""
    path, environment = find_chromium()
    with sync_playwright() as playwright:
        browser = _launched(playwright, path, environment)
        try:
            yield browser
        finally:
            browser.close()


def _launched(playwright: Playwright, path: Path, environment: dict[str, str]) -> Browser:
    own = ["--headless=shell", "--no-zygote"] if path.is_relative_to(Path.home() / ".cache") else []
    return playwright.chromium.launch(
        executable_path=path, args=[*_ARGS, *own], env={**os.environ, **environment}, headless=True
    )


@contextlib.contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The app at an address of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > until:
            raise TimeoutError("the desk did not start")
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def page_at(browser: Browser, address: str, secret: str | None, *, scripts: bool = True, wide: bool = True) -> Page:
    """A page of a browser that holds the session's cookie, wide as a desktop or narrow as a phone."""
    context = browser.new_context(
        base_url=address, viewport=WIDE if wide else NARROW, java_script_enabled=scripts, bypass_csp=scripts
    )
    if secret:
        context.add_cookies([{"name": "hearth", "value": secret, "url": address}])
    return context.new_page()


def axe(page: Page) -> list[dict[str, object]]:
    """What axe finds wrong with a page: its rule, how grave it is, and where."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(path=MODULES / "axe-core" / "axe.min.js")
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        {"rule": each["id"], "impact": each["impact"], "where": [node["target"] for node in each["nodes"]][:5]}
        for each in found
    ]


if __name__ == "__main__":
    print(find_chromium(), file=sys.stderr)  # noqa: T201 - says which browser the tests would use
