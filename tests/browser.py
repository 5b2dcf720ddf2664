"""A plugin for tests that use a real browser: Debian's Chromium, driven by Playwright.

`page` opens addresses of `live_server`; `accessible(page)` fails on what axe finds.
"""

import os
import shutil
import threading
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Page

# Playwright keeps an event loop running in this thread, and from then on Django would hand out a
# second set of database connections; the first ones would stay open, and a forked process, in which
# no loop runs, would find them and talk on its parent's socket. One set for each thread is enough.
connections._connections = threading.local()  # type: ignore[assignment]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # Playwright's loop runs in this thread; Django would take the tests themselves for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium") or shutil.which("google-chrome"),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "tr-TR", "viewport": DESK}


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """`accessible(page)`: no violation of WCAG 2.2 AA and no sideways scrolling."""
    axe = Axe()

    def check(page: Page) -> None:
        found = axe.run(page, options={"runOnly": RULES}).response["violations"]
        told = [
            (violation["id"], violation["help"], [node["target"] for node in violation["nodes"]])
            for violation in found
        ]
        assert not told, f"{page.url}: {told}"
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{page.url} scrolls sideways at {page.viewport_size}"

    return check
