"""A real browser and a real server for the tests that look."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from playwright.sync_api import Browser, sync_playwright


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests say what went wrong."""


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Debian's chromium, or skip, saying how to get it."""
    path = os.environ.get("SHUNIU_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium: `apt-get install chromium`, or name one by SHUNIU_CHROMIUM")
    # Chromium's own sandbox cannot start under root, as in a container.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@contextmanager
def serving() -> Iterator[str]:
    """Serve the project, static files too, on a free port; yield the address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
