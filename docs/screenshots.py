"""Takes the pictures of README.md from a running portal with the demo state.

make screenshots URL=http://127.0.0.1:8000
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
# file name: address, size, theme
PICTURES = {
    "home": ("/", DESK, "light"),
    "search": ("/ara/?q=igdir+nufus+mudurlugu", DESK, "light"),
    "unit": ("/kurum/24316060/", DESK, "light"),
    "chart": ("/kurum/24316060/sema/", DESK, "light"),
    "past": ("/kurum/24304062/?tarih=2017-01-01", DESK, "light"),
    "tree": ("/kurumlar/", DESK, "dark"),
    "quality": ("/kurumlar/veri-kalitesi/", DESK, "light"),
    "phone-dark": ("/kurum/24316060/", PHONE, "dark"),
}


def main(base: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, (address, size, theme) in PICTURES.items():
            context = browser.new_context(viewport=size, color_scheme=theme, locale="tr-TR")
            page = context.new_page()
            page.goto(f"{base}{address}", wait_until="networkidle")
            page.screenshot(path=IMAGES / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
