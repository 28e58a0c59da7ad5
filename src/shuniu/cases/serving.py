"""What partners to try the platform with have in common: a small HTTP service on a free port of this machine."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Served(ABC):
    """Something that a handler of its own serves; `address` says where, once it was started."""

    @abstractmethod
    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Who answers for this very service."""

    def start(self, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Serve at that address of this machine, on a free port unless one is named."""
        self._server = ThreadingHTTPServer((host, port), self.handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"
