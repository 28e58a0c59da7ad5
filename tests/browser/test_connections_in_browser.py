"""The page of connections in a real browser: what stands there, read by eye and by axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, cast, client_of
from tests.exchange.conftest import catalogued

__all__ = ["cast", "catalogued"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(cast: Cast, catalogued: None) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("truncate exchange_hour, exchange_minute")
        cursor.execute(
            "insert into exchange_hour select '43.market/registration', agency, date_trunc('hour', now()) - n * interval '1 hour',"
            " 1000 + n * 37, n, 2400 + n * 51, 800000 + n * 999, 4000 + n * 90, 30 + n"
            " from generate_series(0, 9) n, unnest(array['43.tax', '43.office']) agency"
        )
    with serving() as address:
        yield address


def test_the_page_of_connections_is_clean_at_both_widths(site: str, cast: Cast) -> None:
    client = client_of(cast.market_officer)
    with browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/desk/connections/")
        assert page.get_by_role("row").count() >= 20
        look(page, "connections")
