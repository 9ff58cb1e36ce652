"""A browser as ours is started, for pages that try to get past the guard."""

import os
from contextlib import ExitStack

from playwright.sync_api import Browser, Playwright

from archiver.capture.chromium import find_chromium, switches


def launched(playwright: Playwright, stack: ExitStack, proxy: str | None) -> Browser:
    """A browser with our switches, closed with the stack."""
    browser = playwright.chromium.launch(
        executable_path=find_chromium().path,
        chromium_sandbox=os.geteuid() != 0,
        args=list(switches(proxy is not None, None)),
        proxy={"server": proxy} if proxy else None,
    )
    stack.callback(browser.close)
    return browser
