"""What the tests read of a page."""

from __future__ import annotations

from html import unescape

from django.test import Client


def text(client: Client, address: str, status: int = 200) -> str:
    """A page as it was sent; `status` is what its answer must have."""
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def words(client: Client, address: str, status: int = 200) -> str:
    """A page whose marks, such as quotation marks, stand for themselves."""
    return unescape(text(client, address, status))
