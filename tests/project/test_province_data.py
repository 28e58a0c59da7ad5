"""The data folder of the demo province says what it must, in itself and against the engines' own rules."""

from __future__ import annotations

import csv
import re
import tarfile
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from shuniu.base.identifiers import IdentifierKind, organisation_code_valid, uscc_valid
from shuniu.catalogue.declare import CodeList, Element, ItemType
from shuniu.catalogue.dictionary import read
from shuniu.catalogue.importing import plan
from shuniu.catalogue.recognition import Index
from shuniu.catalogue.rules.conformance import faults
from shuniu.catalogue.rules.forbidden import BANS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src/shuniu/project/provinces/43"
LAWS = ROOT.parent / "shared/data/laws.tar.xz"
ARTICLE = re.compile(r"^\**(第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五])?)[\s　*]", re.MULTILINE)

PARTY = "XDR_MC XDR_LB XDR_SHXYM XDR_GSZC XDR_ZZJG XDR_SWDJ XDR_SYDW XDR_SHZZ XDR_ZJLX XDR_ZJHM FRDB FR_ZJLX FR_ZJHM"
GRANT = "XKWS WSH XKLB XKZS XKBH NR JDRQ YXQZ YXQZI XKJG XKJGDM ZT LYDW LYDWDM"
PUNISH = "WSH WFXW SY YJ CFLB NR NR_FK NR_WFFF NR_ZKDX JDRQ YXQ GSJZQ CFJG CFJGDM SJLY SJLYDM"
LICENCE = {f"XK_{name}" for name in (PARTY + " " + GRANT).split()}
PENALTY = {f"CF_{name}" for name in (PARTY + " " + PUNISH).split()}

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def resources(folder: str) -> dict[str, list[Row]]:
    """Rows of every resource in a folder of dictionaries, by 资源代码; the first row carries what is the resource's."""
    found: dict[str, list[Row]] = defaultdict(list)
    for path in sorted((FOLDER / folder).glob("*.csv")):
        for row in rows(f"{folder}/{path.name}"):
            found[row["资源代码"]].append(row)
    return dict(found)


CLASSES = resources("classes")
REGISTERS = resources("registers")
EVERYTHING = {**CLASSES, **REGISTERS}
DEPARTMENTS = {path.stem for path in (FOLDER / "classes").glob("*.csv")}


def declared_elements() -> dict[str, Element]:
    types = {"字符型": "text", "备注型": "text", "数值型": "decimal", "货币型": "decimal", "整型": "integer"}
    types |= {"日期型": "date", "日期时间型": "timestamp", "逻辑型": "boolean"}
    return {
        row["key"]: Element(
            key=row["key"],
            title=row["name"],
            type=ItemType(types[row["type"]]),
            aliases=tuple(alias for alias in row["aliases"].split(";") if alias),
            check=row["check"],
            length=int(row["length"]) if row["length"].isdecimal() else None,
            code_list=row["code_list"],
            sensitivity=int(row["sensitivity"]),
            owner=row["owner"],
            basis=row["basis"],
            collectors=tuple(row["collectors"].split(";")),
        )
        for row in rows("elements.csv")
    }


def declared_lists() -> dict[str, CodeList]:
    names = {row["key"]: row["name"] for row in rows("code_lists.csv")} | {"region": "行政区划"}
    return {key: CodeList(key=key, title=name) for key, name in names.items()}


def current(level: str) -> list[Row]:
    return [row for row in rows("regions.csv") if row["level"] == level and not row["valid_to"]]


def test_there_are_734_classes_from_21_departments_with_at_least_15_each() -> None:
    assert len(CLASSES) == 734
    per = Counter(code.partition("/")[0] for code in CLASSES)
    assert set(per) == DEPARTMENTS
    assert len(per) == 21
    assert min(per.values()) >= 15


def test_every_resource_lies_with_its_own_department_under_a_name_of_its_own() -> None:
    agencies = {row["key"] for row in rows("agencies.csv")}
    assert not DEPARTMENTS - agencies
    for folder in ("classes", "registers"):
        for path in (FOLDER / folder).glob("*.csv"):
            owners = {row["资源代码"].partition("/")[0] for row in rows(f"{folder}/{path.name}")}
            assert len(owners) == 1 and owners <= agencies, path.name
            assert folder == "registers" or owners == {path.stem}
    titles = Counter(found[0]["资源名称"] for found in CLASSES.values())
    assert [title for title, count in titles.items() if count > 1] == []


def test_the_bank_delivers_no_data() -> None:
    bank = next(row for row in rows("agencies.csv") if row["key"] == "43.pbc")
    assert bank["kind"] == "pointer"
    assert all(not code.startswith("43.pbc/") for code in EVERYTHING)


def test_no_two_classes_share_an_item_list_beyond_the_common_header() -> None:
    header = {row["信息项名称"] for row in rows("common_header.csv")}
    seen: dict[frozenset[str], str] = {}
    for code, found in CLASSES.items():
        own = frozenset(row["信息项名称"] for row in found) - header
        assert len(own) >= 2, f"{code} 没有本类特有的信息项"
        assert own not in seen, f"{code} 与 {seen.get(own)} 的信息项相同"
        seen[own] = code


def test_licences_and_penalties_use_exactly_the_fields_of_the_national_standard() -> None:
    kinds = Counter[str]()
    for code, found in CLASSES.items():
        standard = {row["字段名"] for row in found if row["字段名"].startswith(("XK_", "CF_"))}
        nature = found[0]["信息性质"]
        expected = {"许可": LICENCE, "处罚": PENALTY}.get(nature, set())
        assert standard == expected, code
        assert not expected or "BZ" in {row["字段名"] for row in found}
        kinds[nature] += 1
    assert kinds["许可"] > 150
    assert kinds["处罚"] > 150


def test_nothing_about_natural_persons_is_public() -> None:
    for code, found in EVERYTHING.items():
        if "自然人" in found[0]["主体类型"]:
            assert found[0]["披露方式"] in {"授权查询", "政务共享"}, code
            assert found[0]["开放"] == "否", code
        for row in found:
            if re.search(r"证件号码|身份号码|联系电话", row["信息项名称"]):
                assert (row["开放"] or found[0]["开放"]) == "否", (code, row["信息项名称"])
                assert (row["共享类型"] or found[0]["共享类型"]) != "1", (code, row["信息项名称"])


def test_what_the_credit_law_forbids_is_in_no_credit_class() -> None:
    never = [ban for ban in BANS if ban.absolute]
    for code, found in CLASSES.items():
        for row in found:
            title, words = row["信息项名称"], set(re.split(r"[^a-z0-9]+", row["字段名"].lower()))
            assert not any(ban.titles.search(title) or words & ban.tokens for ban in never), (code, title)
            assert not re.search("收入|存款|有价证券|商业保险|不动产|纳税数额", title), (code, title)


def test_registers_are_not_for_credit_and_persons_data_has_purpose_basis_and_retention() -> None:
    assert len(REGISTERS) == 10
    for code, found in EVERYTHING.items():
        first = found[0]
        assert first["信用用途"] == ("否" if code in REGISTERS else "是"), code
        assert all(first[column] for column in ("目的", "依据", "保存期限", "资源摘要", "法律依据", "条款")), code
        assert first["共享类型"] != "2" or first["共享条件"], code
        assert first["共享类型"] != "3" or first["不予共享依据"], code


def test_every_resource_can_be_keyed_and_matched_and_its_fields_are_named_once() -> None:
    labels = {kind.label for kind in IdentifierKind} | {"名称", "姓名"}
    for code, found in EVERYTHING.items():
        names = [row["字段名"] for row in found]
        assert len(set(names)) == len(names), code
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,58}", name) for name in names), code
        assert any(row["主键"] == "是" for row in found), code
        assert all(row["必填"] == "是" for row in found if row["主键"] == "是"), code
        identity = {row["主体标识"] for row in found} - {""}
        assert identity and identity <= labels, code


def test_a_department_could_import_and_publish_every_dictionary_as_it_stands() -> None:
    elements, lists = declared_elements(), declared_lists()
    index = Index(elements)
    for path in sorted([*(FOLDER / "classes").glob("*.csv"), *(FOLDER / "registers").glob("*.csv")]):
        agency = rows(f"{path.parent.name}/{path.name}")[0]["资源代码"].partition("/")[0]
        proposed = plan(read(path.read_bytes(), path.name), path.name, agency, index)
        assert [problem.message for problem in proposed.problems] == [], path.name
        for one in proposed.resources:
            blocking = [fault.message for fault in faults(one.resource, elements, lists) if fault.blocks]
            assert blocking == [], one.resource.key
            assert any(item.identifies for item in one.resource.items), one.resource.key
        certain, likely = proposed.count("certain"), proposed.count("likely")
        assert (certain + likely) / sum(len(one.items) for one in proposed.resources) > 0.6, path.name


def test_code_lists_that_are_referred_to_exist_and_no_code_is_doubled() -> None:
    lists = rows("code_lists.csv")
    keys = {row["key"] for row in lists} | {"region"}
    used = {row["代码集"] for found in EVERYTHING.values() for row in found} | {
        row["code_list"] for row in rows("elements.csv")
    }
    assert used - {""} <= keys
    doubled = [pair for pair, count in Counter((row["key"], row["code"]) for row in lists).items() if count > 1]
    assert doubled == []
    sizes = Counter(row["key"] for row in lists)
    assert (sizes["ethnicity"], sizes["industry"], sizes["party-type"]) == (58, 20, 4)


def test_elements_are_unique_by_key_name_and_alias_and_name_their_source() -> None:
    elements = rows("elements.csv")
    agencies = {row["key"] for row in rows("agencies.csv")}
    assert 150 <= len(elements) <= 250
    keys = Counter(row["key"] for row in elements)
    said = Counter(name for row in elements for name in [row["name"], *row["aliases"].split(";")] if name)
    assert [name for name, count in (keys + said).items() if count > 1 and name not in keys] == []
    assert max(keys.values()) == 1
    for row in elements:
        assert row["owner"] in agencies and row["basis"], row["key"]
        assert set(row["collectors"].split(";")) <= agencies, row["key"]
        assert row["sensitivity"] in {"1", "2", "3", "4"}, row["key"]


def test_hunan_has_14_prefectures_and_122_counties_today_and_had_them_in_2005_and_2010() -> None:
    assert len(current("2")) == 14
    assert len(current("3")) == 122
    for day in ("2005-06-01", "2010-06-01"):
        alive = [
            row
            for row in rows("regions.csv")
            if row["level"] == "3" and row["valid_from"] <= day and (not row["valid_to"] or row["valid_to"] > day)
        ]
        assert len(alive) == 122, day


def test_every_region_has_its_parent_and_every_successor_exists() -> None:
    regions = rows("regions.csv")
    codes = {row["code"] for row in regions}
    for row in regions:
        assert row["parent"] in codes or row["level"] == "1", row["code"]
        assert not row["successor_code"] or row["successor_code"] in codes, row["code"]
    followed = {row["code"]: row["successor_code"] for row in regions if row["valid_to"] > "2005"}
    assert followed == {
        "430122": "430112", "430124": "430182", "430221": "430212", "430521": "430582", "431121": "431181",
        "431102": "431102",
    }  # fmt: skip


def test_towns_lie_in_counties_of_today_and_none_in_a_statistical_area() -> None:
    counties = {row["code"] for row in current("3")}
    towns = current("4")
    assert len(towns) > 1900
    assert {row["parent"] for row in towns} == counties
    assert all(row["code"][:6] == row["parent"] and row["code"][4] != "7" for row in towns)


def test_agencies_have_valid_codes_in_the_range_that_is_never_issued() -> None:
    agencies = rows("agencies.csv")
    keys = {row["key"] for row in agencies}
    assert len(keys) == len(agencies) == len({row["uscc"] for row in agencies})
    regions = {row["code"] for row in rows("regions.csv")}
    for row in agencies:
        assert uscc_valid(row["uscc"]), row["key"]
        assert organisation_code_valid(row["uscc"][8:17]), row["key"]
        assert row["uscc"][8:10] == "XN", row["key"]
        assert row["region"] in regions
        assert not row["parent"] or row["parent"] in keys


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*")) < 6_000_000


def _articles() -> dict[str, set[str]]:
    """Articles of every law in the archive by its title, of the newest version only (a code in parts: all parts)."""
    found: dict[str, tuple[str, set[str]]] = {}
    with tarfile.open(LAWS, "r:xz") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.name.endswith(".md") else None
            if stream is None:
                continue
            text = stream.read().decode("utf-8")
            title = re.search(r"^# (.+)$", text, re.MULTILINE)
            dated = re.search(r"\((\d{4}-\d\d-\d\d)\)", Path(member.name).name)
            if title is None:
                continue
            name, day = title[1].strip(), dated[1] if dated else ""
            held = found.get(name, ("", set()))
            articles = set(ARTICLE.findall(text))
            if day == held[0]:
                found[name] = (day, held[1] | articles)
            elif day > held[0]:
                found[name] = (day, articles)
    return {name: articles for name, (_, articles) in found.items()}


@pytest.mark.skipif(not LAWS.exists(), reason="the archive of laws does not lie beside the checkout")
def test_every_law_and_article_that_is_cited_exists() -> None:
    laws = _articles()
    cited = {(found[0]["法律依据"], found[0]["条款"]) for found in EVERYTHING.values()}
    for row in rows("elements.csv"):
        match = re.fullmatch(r"(.+?)(第[一二三四五六七八九十百零]+条)", row["basis"])
        assert match, row["basis"]
        cited.add((match[1], match[2]))
    missing = sorted(f"{law}{article}" for law, article in cited if article not in laws.get(law, set()))
    assert missing == []
