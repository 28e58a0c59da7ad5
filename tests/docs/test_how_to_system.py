"""The system of docs/how-to/declare-a-system.md, from the page's own blocks: written to files, registered, its page opened."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.urls import include, path
from jinja2 import FileSystemLoader
from pytest_django.fixtures import Settings

from shuniu import systems
from shuniu.cases.api import draft_facts, drafts, filing, items
from shuniu.cases.declare import ServiceItem
from shuniu.cases.declare.draft import Whom
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES, Agency
from shuniu.portal import pages
from shuniu.portal import urls as portal
from shuniu.trust.api import VERBS
from tests.cast import Cast, cast, client_of, newcomer
from tests.portal.reading import text

__all__ = ["cast"]
ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "declare-a-system.md"
MOST = 200
"""Lines that a system with a page may take; the page promises it."""
VERB, HOUSING = "night_work.list_proofs", Agency("43.housing", "省住房和城乡建设厅", "省住建厅", 1, "430000")


def blocks() -> dict[str, str]:
    """The page's files by path."""
    return dict(re.findall(r"```(?:python|jinja) (\S+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The files where the page says, under another root."""
    for name, body in blocks().items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body, encoding="utf-8")
    return tmp_path / "src" / "shuniu"


@pytest.fixture
def declared(written: Path, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServiceItem]:
    """The system as one of the platform's own: the lines elsewhere are written by this fixture."""
    known = {*sys.modules}
    monkeypatch.setattr(systems, "__path__", [*systems.__path__, str(written / "systems")])
    monkeypatch.setattr(pages, "__path__", [*pages.__path__, str(written / "portal" / "pages")])
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2) and isinstance(engine.env.loader, FileSystemLoader)
    drawn = engine.env.loader.searchpath
    drawn.append(str(written / "portal" / "jinja2"))
    role = ROLES["case_clerk"]
    monkeypatch.setitem(ROLES, "case_clerk", replace(role, capabilities=role.capabilities | {VERB}))
    try:
        page = importlib.import_module("shuniu.portal.pages.night_work")
        urls = ModuleType("night_work_urls")
        root = importlib.import_module(settings.ROOT_URLCONF)
        others = [one for one in root.urlpatterns if getattr(one, "app_name", None) != "portal"]
        own = include(([*portal.urlpatterns, *page.urlpatterns], "portal"))
        vars(urls).update(vars(root), urlpatterns=[*others, path("", own)])
        monkeypatch.setitem(sys.modules, urls.__name__, urls)
        settings.ROOT_URLCONF = urls.__name__
        item: ServiceItem = importlib.import_module("shuniu.systems.night_work.declare").ITEM
        directory.load_agencies(actor=cast.installer, rows=[HOUSING])
        assert items.ship(actor=cast.installer, items=[item]) == (item.key,)
        yield item
    finally:
        drawn.remove(str(written / "portal" / "jinja2"))
        VERBS.pop(VERB, None)
        for name in {*sys.modules} - known:
            if "night_work" in name:
                del sys.modules[name]


@pytest.mark.django_db
def test_the_blocks_of_the_page_make_a_system_with_a_guide_a_form_cases_and_a_page(
    declared: ServiceItem, cast: Cast
) -> None:
    citizen = client_of(cast.citizen)
    assert declared.title in text(citizen, f"/hall/guide/{declared.key}/")
    clerk = client_of(newcomer("43.housing", "case_clerk", login="jieli", name="解理"))
    assert "今年还没有申请" in text(clerk, "/desk/night-work/")
    draft = drafts.start(actor=cast.citizen, item=declared, version=items.published(declared.key).version)
    draft_facts.name_applicant(actor=cast.citizen, draft=draft, whom=Whom(), seen=0)
    seen = drafts.view(actor=cast.citizen, draft=draft).version
    answers = {"site": "芙蓉路 1 号", "until": "2030-01-02", "urgent": "是"}
    drafts.save_page(actor=cast.citizen, draft=draft, pages=["work"], posted=answers, seen=seen)
    number = filing.file(actor=cast.citizen, draft=draft).number
    page = text(clerk, "/desk/night-work/")
    assert f"/desk/cases/{number}/" in page.partition("<tbody")[2]
    assert "夜间施工证明" in text(clerk, "/desk/cases/")
    elsewhere = client_of(newcomer("43.tax", "case_clerk", login="jiewu", name="解悟"))
    assert number not in text(elsewhere, "/desk/night-work/")
    text(client_of(cast.market_officer), "/desk/night-work/", 403)


def test_it_takes_no_more_lines_than_promised_in_the_rooms_that_the_page_names() -> None:
    found = blocks()
    assert sum(len(body.splitlines()) for body in found.values()) <= MOST
    for name in found:
        assert (ROOT / name).parent.is_dir() or name.startswith("src/shuniu/systems/night_work/")


@pytest.mark.parametrize(
    "command", [["check", "--config", 'lint.isort.known-first-party=["shuniu"]'], ["format", "--check"]]
)
def test_its_blocks_are_written_as_the_house_writes(command: list[str]) -> None:
    for name, body in blocks().items():
        if name.endswith(".py"):
            asked = [sys.executable, "-m", "ruff", *command, "--stdin-filename", name, "-"]
            done = subprocess.run(asked, input=body, cwd=ROOT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
