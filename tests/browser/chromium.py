"""A real browser and a real server for the tests that look."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from playwright.sync_api import Browser, Playwright, sync_playwright

# What a window keeps ready beside its page, each in a process that no test looks at, at more than a page's own cost: the
# address bar's suggestions, the answers of a machine below it, and a process for whatever site comes next.
_OFF: Final = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
# What Playwright turns off itself, of use here: of two lists Chromium takes the last.
_OFF_ANYWAY: Final = (
    "AimEnabled", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding",
    "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests say what went wrong."""


@dataclass(frozen=True)
class _Running:
    playwright: Playwright
    chromium: Browser
    loop: asyncio.AbstractEventLoop


_running: list[_Running] = []  # none or one: starting it costs more than most journeys


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's chromium, started once for all tests, or skip, saying how to get it. What a test opened is closed after it.

    Playwright leaves its event loop marked as running in this thread, and Django then forbids it the database: outside
    of this block the mark is taken off.
    """
    if not (_running and _running[0].chromium.is_connected()):
        _stop()
        _running.append(_started())
    running = _running[0]
    asyncio._set_running_loop(running.loop)
    try:
        yield running.chromium
    finally:
        if running.chromium.is_connected():
            for context in running.chromium.contexts:
                context.close()
        asyncio._set_running_loop(None)


def _started() -> _Running:
    path = os.environ.get("SHUNIU_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium: `apt-get install chromium`, or name one by SHUNIU_CHROMIUM")
    # Chromium's own sandbox cannot start under root, as in a container. Without a graphics card, drawing by one is
    # played by the processor, at a multiple of the cost of drawing.
    off = f"--disable-features={','.join([*_OFF_ANYWAY, *_OFF])}"
    arguments = ["--disable-gpu", off, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    playwright = sync_playwright().start()
    try:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        return _Running(playwright, chromium, asyncio.get_running_loop())
    except BaseException:
        playwright.stop()
        raise


@atexit.register
def _stop() -> None:
    while _running:
        running = _running.pop()
        asyncio._set_running_loop(running.loop)
        if running.chromium.is_connected():
            running.chromium.close()
        running.playwright.stop()
        asyncio._set_running_loop(None)


@contextmanager
def serving() -> Iterator[str]:
    """Serve the project, static files too, on a free port; yield the address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
