"""The README's pictures of a real answer: `python -m tests.screenshots FOLDER`."""

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from tests.web_browser import ROOT, ask, chromium, publish, served, visit

QUESTION = "What are the drawbacks of a secondment?"
SHOTS: tuple[tuple[str, int, int, Literal["light", "dark"]], ...] = (
    ("light", 1280, 800, "light"),
    ("dark", 1280, 800, "dark"),
    ("phone", 390, 844, "light"),
)


def main(folder: Path) -> None:
    """Publish the corpus that ships, ask, open a source and take each picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        publish(ROOT / "corpus", Path(data))
        with served(Path(data)) as address, chromium() as browser:
            for name, width, height, scheme in SHOTS:
                shoot(browser, address, folder / f"{name}.png", (width, height), scheme)


def shoot(
    browser: Browser,
    address: str,
    picture: Path,
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    page = context.new_page()
    visit(page, address)
    ask(page, QUESTION).locator("a.cite").nth(1).click()
    page.locator("#cited").wait_for()
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    page.screenshot(path=picture)
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
