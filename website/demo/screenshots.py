"""`python -m website.demo.screenshots`: take the README's pictures from the running demo.

Needs a demo that runs (`make run`) and Chromium; writes docs/images/*.png, small enough for a page.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "images"
DESKTOP, PHONE = (1280, 860), (390, 780)
MOST_BYTES = 250_000
_BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Shot:
    """One picture: who looks at which page, on what screen; `follow` is a link pressed there."""

    name: str
    person: str | None
    path: str
    size: tuple[int, int] = DESKTOP
    follow: str = ""


SHOTS = (
    Shot("home", None, "/"),
    Shot("tom-my-learning", "Tom Akinwale", "/my-learning/"),
    Shot("tom-course", "Tom Akinwale", "/courses/information-governance/"),
    Shot("tom-home-phone", "Tom Akinwale", "/", PHONE),
    Shot("priya-network", "Priya Raman", "/networks/primary-senco-forum/"),
    Shot("priya-resources", "Priya Raman", "/resources/"),
    Shot("colm-team", "Colm Devlin", "/team/"),
    Shot("nadia-setting", "Nadia Ferreira", "/setting/"),
    Shot("nadia-people", "Nadia Ferreira", "/people/"),
    Shot("ruth-impact", "Ruth Osei", "/impact/"),
    # Open data: the demo reads it where WAYMARK_OPEN_DATA names its folder.
    Shot("ruth-trend", "Ruth Osei", "/impact/trend/?area=310"),
    Shot("ruth-answer", "Ruth Osei", "/impact/questions/", follow="trauma-responsive"),
)


def main() -> int:
    """Take every picture; return the exit code."""
    from playwright.sync_api import sync_playwright

    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser_path is None:
        print("Chromium is not on PATH.", file=sys.stderr)  # noqa: T201
        return 1
    base = f"http://localhost:{os.environ.get('PORT', '8000')}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=_BROWSER_FLAGS)
        for shot in SHOTS:
            size = _take(browser, base, shot)
            print(f"  docs/images/{shot.name}.png  {size // 1024} KB", flush=True)  # noqa: T201
        browser.close()
    return 0


def _take(browser: Any, base: str, shot: Shot) -> int:
    """Take one picture and return its size in bytes."""
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        base_url=base,
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if shot.person is not None:
        page.goto("/accounts/login/")
        page.get_by_role("button", name=shot.person).click()
        page.wait_for_load_state()
    page.goto(shot.path, wait_until="networkidle")
    if shot.follow:
        page.locator("main").get_by_role("link").filter(has_text=shot.follow).first.click()
        page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    picture = page.screenshot()
    context.close()
    return _save(picture, FOLDER / f"{shot.name}.png")


def _save(picture: bytes, path: Path) -> int:
    """Write the picture with few enough colours to stay below MOST_BYTES; return its size."""
    with Image.open(BytesIO(picture)) as image:
        flat = image.convert("RGB")
        for colours in (256, 128, 64):
            flat.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
            if path.stat().st_size <= MOST_BYTES:
                break
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
