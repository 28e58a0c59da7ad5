"""What a reader's line carries for the first view of a hall page, compressed: `shuniu bench pages`.

Every page of the guide side is fetched: the hall, the list, each item's guide, each life event decided wholly. A first
view is the page with all that it names (style sheets, scripts, icons), each compressed by gzip as a proxy does it.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from bench.result import Result
from shuniu.cases.api import items as hall
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.project import province
from shuniu.systems.life_events.declare import BUNDLES
from shuniu.systems.service_hall.declare import ITEMS

FOLDER = Path(province.__file__).parent / "provinces/43"
MOST = 60 * 1024
_NAMED = re.compile(r"url\(\s*['\"]?([^'\")]+)")


class _Named(HTMLParser):
    """What a page has the browser fetch by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "link" and said.get("rel") in ("stylesheet", "icon", "preload"):
            self.found.append(said.get("href") or "")
        if tag in ("script", "img", "iframe", "source", "video", "audio") and said.get("src"):
            self.found.append(said["src"] or "")


def run(*, rows: int = 0, seed: int = 1, input: Path | None = None) -> Result:
    """Fetch every page of the guide side once. `rows`, `seed` and `input` are not needed."""
    del rows, seed, input
    call_command("migrate", interactive=False, verbosity=0)
    install = directory.system("install")
    directory.load_regions(actor=install, rows=province.regions(FOLDER))
    directory.load_agencies(actor=install, rows=province.agencies(FOLDER))
    catalogue.ship(actor=install, elements=province.elements(FOLDER))
    hall.ship(actor=install, items=ITEMS, bundles=BUNDLES)
    weighed = [weigh(address) for address in addresses()]
    return Result(
        "pages",
        measures={
            "pages": len(weighed),
            "largest_bytes": max(size for size, _ in weighed),
            "off_site": sum(off_site for _, off_site in weighed),
        },
        must={"largest_bytes": f"<={MOST}", "off_site": "==0"},
    )


def addresses() -> Iterator[str]:
    """Every page of the guide side."""
    yield reverse("portal:hall")
    yield reverse("portal:hall_items")
    for item in ITEMS:
        yield reverse("portal:hall_guide", args=[item.key])
    for bundle in BUNDLES:
        answers = urlencode(dict.fromkeys((one.name for one in bundle.determinants), "true"))
        yield f"{reverse('portal:hall_event', args=[bundle.key])}?{answers}"


def weigh(address: str) -> tuple[int, int]:
    """Compressed bytes of a page's first view, and how many requests it makes off the site."""
    page = Client(SERVER_NAME="localhost").get(address)
    if page.status_code != 200:
        raise AssertionError(f"{address}: {page.status_code}")
    named = _fetched(page.content.decode())
    own = [one for one in named if not urlsplit(one).netloc]
    return _packed(page.content) + sum(_packed(_static(one)) for one in own), len(named) - len(own)


def _fetched(page: str) -> list[str]:
    """What a page and its style sheets name, each once."""
    parser = _Named()
    parser.feed(page)
    named = dict.fromkeys(parser.found)
    for sheet in [one for one in named if one.endswith(".css") and not urlsplit(one).netloc]:
        inside = _NAMED.findall(_static(sheet).decode())
        named |= dict.fromkeys(one for one in inside if not one.startswith(("data:", "#")))
    return list(named)


def _static(address: str) -> bytes:
    """The file behind an address under /static/. Raises FileNotFoundError."""
    found = finders.find(urlsplit(address).path.removeprefix("/static/"))
    if not isinstance(found, str):
        raise FileNotFoundError(address)
    return Path(found).read_bytes()


def _packed(data: bytes) -> int:
    return len(gzip.compress(data, 6, mtime=0))
