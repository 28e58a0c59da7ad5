from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.text import legal_name_key, legal_name_parts, normalise_text, person_name_key

REGIONS = ["湖南省", "长沙市", "宁乡市", "湘西土家族苗族自治州"]


def test_width_and_spaces_are_made_plain_and_sentences_keep_their_marks() -> None:
    assert normalise_text("\u3000ＡＢＣ－１２３，见（附件）。\u00a0") == "ABC-123，见（附件）。"
    assert normalise_text("⽂化\u200b局\ufeff") == "文化局"


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise_text(normalise_text(text)) == normalise_text(text)


@pytest.mark.parametrize(
    "other",
    [
        "岳麓山茶业（集团）有限责任公司",
        " 岳麓山 茶业(集团)有限公司",
        "嶽麓山茶業〔集團〕有限公司",
        "岳麓山茶业【集团】有限公司。",
    ],
)
def test_spellings_of_one_name_have_one_key(other: str) -> None:
    assert legal_name_key(other) == legal_name_key("岳麓山茶业(集团)有限公司")


def test_different_legal_forms_keep_different_keys() -> None:
    keys = {legal_name_key("某某" + form) for form in ("有限公司", "股份有限公司", "农民专业合作社", "商行")}
    assert len(keys) == 4
    assert legal_name_key("某某商行（个体工商户）") == legal_name_key("某某商行")
    assert legal_name_key("某某专业合作社") == legal_name_key("某某农民专业合作社")


def test_a_region_prefix_is_found_with_and_without_its_rank() -> None:
    expected = {"湖南省长沙市某某公司", "湖南长沙某某公司", "长沙某某公司", "湘西某某公司"}
    assert {legal_name_key(name, REGIONS) for name in expected - {"湘西某某公司"}} == {"某某公司"}
    assert legal_name_parts("宁乡某某茶业有限公司", REGIONS).region == "宁乡"
    assert legal_name_key("长沙市", REGIONS) == "长沙市"


@pytest.mark.parametrize("dot", "・•‧∙⋅.．·")
def test_every_middle_dot_of_a_persons_name_is_one(dot: str) -> None:
    assert person_name_key(f" 阿卜杜{dot} 热合曼") == "阿卜杜·热合曼"


def test_rare_and_variant_characters_of_persons_are_kept() -> None:
    assert person_name_key("张　䶮") == "张䶮"
    assert person_name_key("𠀀喆") == "𠀀喆"
    assert person_name_key("陈堃") != person_name_key("陈坤")
