"""A real Chromium on the real app, for `test_browser.py` and `screenshots.py`."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from ingest import vectorcache
from tests import shipped

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium: install one (Debian: apt install chromium)"
    ),
]
"""What every test that drives one is marked with; `conftest.py` has the `browser`."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS = 90
"""Importing the model's libraries takes most of it on a busy machine."""
ANSWER_MS = 30_000
expect.set_options(timeout=20_000)  # a busy machine's pauses are no finding


def publish(corpus: Path, data: Path) -> None:
    """Publish a corpus by the command that a person would use.

    The vectors of the articles that ship are made once in a run.
    """
    if not data.exists():
        data.mkdir(parents=True)
        shutil.copy(shipped.published() / vectorcache.FILE, data)
    subprocess.run(
        [sys.executable, "-m", "ingest", "--corpus", str(corpus)],
        cwd=ROOT,
        env=os.environ | {"PINCITE_DATA": str(data)},
        check=True,
        capture_output=True,
    )


def watch(page: Page, address: str, seen: list[str]) -> None:
    """Note what no page should do: dialogs, console errors, requests to other places."""

    def note_dialog(dialog: Dialog) -> None:
        seen.append(dialog.message)
        dialog.dismiss()

    def note_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            seen.append(message.text)

    def note_request(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            seen.append(request.url)

    page.on("dialog", note_dialog)
    page.on("console", note_console)
    page.on("request", note_request)
    page.on("pageerror", lambda error: seen.append(str(error)))


@contextmanager
def served(data: Path, **settings: str) -> Iterator[str]:
    """Run `app.py` on a free port, with more settings by their whole names; give its address."""
    port = free_port()
    app = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=os.environ | settings | {"PINCITE_DATA": str(data), "PINCITE_PORT": str(port)},
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{address}/readyz", app)
        yield address
    finally:
        app.terminate()
        app.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(url: str, app: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert app.poll() is None, f"app.py ended with {app.returncode}"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (URLError, TimeoutError):
            time.sleep(0.3)
        else:
            return
    raise TimeoutError(f"{url} did not answer within {START_SECONDS} seconds")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def visit(page: Page, address: str) -> None:
    # Gradio keeps a connection open, so that `networkidle` never comes.
    page.goto(address, wait_until="load")
    page.locator("#chat textarea").wait_for()
    page.locator("#reader-empty").wait_for(state="attached")


def ask(page: Page, question: str) -> Locator:
    """Ask as a person would; give the answer when it is complete."""
    answers = page.locator(".answer")
    asked_before = answers.count()
    box = page.locator("#chat textarea:enabled")
    box.fill(question)
    box.press("Enter")
    return complete(answers.nth(asked_before))


def complete(answer: Locator) -> Locator:
    answer.locator(".copy, .refusal, .fault").wait_for(timeout=ANSWER_MS)
    return answer
