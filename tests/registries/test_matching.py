"""Who a row is about: the rungs of the ladder, told with firms and persons that could be mistaken for one another."""

from __future__ import annotations

import pytest

from shuniu.registries import api
from tests.registries.conftest import (
    HOUSEHOLD,
    PENALTY,
    REGISTRATION,
    TAX,
    VOLUNTEER,
    Load,
    known,
    organisation,
    registration_number,
    resident,
    subject_of,
    uscc,
)

pytestmark = pytest.mark.django_db

XIANGJIANG = {"uscc": uscc(1), "name": "湖南省湘江机械制造有限公司", "representative": "张伟", "founded": "2010-03-05",
              "region": "430102", "registration_number": registration_number(1), "address": "五一大道一号"}  # fmt: skip
SHOP_A = {"uscc": uscc(2), "name": "便民超市", "representative": "李娜", "founded": "2012-01-01", "region": "430102"}
SHOP_B = {"uscc": uscc(3), "name": "便民超市", "representative": "王芳", "founded": "2013-01-01", "region": "431000"}


def test_a_strong_identifier_places_a_row_whatever_it_is_called(load: Load) -> None:
    load(REGISTRATION, XIANGJIANG)
    loaded = load(PENALTY, {"number": "1", "uscc": uscc(1), "name": "湘江机械厂"})
    assert loaded.counts.awaiting == 0
    assert subject_of(PENALTY, "1") == api.find_subject("uscc", uscc(1))


def test_a_row_without_code_finds_its_firm_by_name_and_corroboration(load: Load) -> None:
    load(REGISTRATION, XIANGJIANG, SHOP_A, SHOP_B)
    load(
        PENALTY,
        {"number": "1", "name": "湘江机械制造有限责任公司", "representative": "张伟"},
        {"number": "2", "name": "湖南省 湘江机械制造（有限公司）"},
        {"number": "3", "name": "便民超市", "representative": "王芳", "region": "431000"},
    )
    assert subject_of(PENALTY, "1") == api.find_subject("uscc", uscc(1)), "region left out, form spelled out"
    assert subject_of(PENALTY, "3") == api.find_subject("uscc", uscc(3)), "the shop of Chenzhou, not of Changsha"


def test_a_shared_name_alone_is_never_guessed(load: Load) -> None:
    load(REGISTRATION, SHOP_A, SHOP_B)
    load(PENALTY, {"number": "1", "name": "便民超市"})
    assert not known(subject_of(PENALTY, "1"))


def test_a_name_alone_links_when_it_is_whole_and_nobody_else_has_it(load: Load) -> None:
    load(REGISTRATION, XIANGJIANG)
    load(
        PENALTY,
        {"number": "1", "name": "湖南省湘江机械制造有限公司"},
        {"number": "2", "name": "湖南省湘江机械制造有限公司", "region": "431000"},
    )
    assert subject_of(PENALTY, "1") == api.find_subject("uscc", uscc(1))
    assert not known(subject_of(PENALTY, "2")), "another county says another firm"


def test_another_firm_of_the_same_core_name_in_another_city_is_another_firm(load: Load) -> None:
    load(REGISTRATION, {"uscc": uscc(1), "name": "长沙市湘江机械有限公司", "region": "430102"})
    load(PENALTY, {"number": "1", "name": "郴州市湘江机械有限公司"})
    assert not known(subject_of(PENALTY, "1"))


def test_a_second_identifier_places_a_row_unless_the_name_contradicts(load: Load) -> None:
    load(REGISTRATION, XIANGJIANG)
    load(
        PENALTY,
        {"number": "1", "registration_number": registration_number(1), "name": "湖南省湘江机械制造有限公司"},
        {"number": "2", "registration_number": registration_number(1)},
        {"number": "3", "registration_number": registration_number(1), "name": "衡阳市东方饭店"},
    )
    one = api.find_subject("uscc", uscc(1))
    assert (subject_of(PENALTY, "1"), subject_of(PENALTY, "2")) == (one, one)
    assert not known(subject_of(PENALTY, "3"))


def test_the_organisation_code_inside_credit_code_and_tax_number_is_a_second_identifier(load: Load) -> None:
    load(REGISTRATION, XIANGJIANG)
    load(TAX, {"tax_number": "430102" + organisation(1), "name": "湘江机械制造有限公司"})
    assert subject_of(TAX, "430102" + organisation(1), "tax_number") == api.find_subject("uscc", uscc(1))


def test_a_renamed_firm_is_found_under_its_former_name(load: Load) -> None:
    load(REGISTRATION, XIANGJIANG)
    load(REGISTRATION, {**XIANGJIANG, "name": "湖南省星沙重工有限公司"})
    load(PENALTY, {"number": "1", "name": "湖南省湘江机械制造有限公司", "representative": "张伟"})
    view = api.subject(subject_of(PENALTY, "1") or 0)
    assert view is not None and view.known and view.name == "湖南省星沙重工有限公司"
    assert "湖南省湘江机械制造有限公司" in view.names


def test_a_typing_slip_is_forgiven_with_corroboration_but_not_between_sister_firms(load: Load) -> None:
    load(REGISTRATION, XIANGJIANG, {**SHOP_A, "name": "芙蓉区好又多第一门店", "representative": "赵六"})
    load(
        PENALTY,
        {"number": "1", "name": "湖南省湘江机诫制造有限公司", "representative": "张伟", "region": "430102"},
        {"number": "2", "name": "芙蓉区好又多第二门店", "representative": "赵六", "region": "430102"},
        {"number": "3", "name": "湖南省湘江机诫制造有限公司"},
    )
    assert subject_of(PENALTY, "1") == api.find_subject("uscc", uscc(1))
    assert not known(subject_of(PENALTY, "2"))
    assert not known(subject_of(PENALTY, "3"))


def test_what_nobody_knew_becomes_known_when_a_register_is_loaded_later(load: Load) -> None:
    loaded = load(
        PENALTY,
        {"number": "1", "uscc": uscc(1), "name": "湖南省湘江机械制造有限公司"},
        {"number": "2", "name": "湖南省湘江机械制造有限公司"},
        {"number": "3", "name": "无人知晓商行"},
    )
    assert loaded.counts.awaiting == 3
    rows = [subject_of(PENALTY, number) for number in "12"]
    load(REGISTRATION, XIANGJIANG)
    one = api.find_subject("uscc", uscc(1))
    assert one is not None and known(one)
    assert [subject_of(PENALTY, number) for number in "12"] == [one, one]
    assert set(api.members(one)) >= {row for row in rows if row}
    assert not known(subject_of(PENALTY, "3"))


def test_the_same_unknown_is_one_subject_however_often_it_comes(load: Load) -> None:
    load(PENALTY, {"number": "1", "name": "无人知晓商行"})
    load(PENALTY, {"number": "2", "name": "无人知晓商行"})
    assert subject_of(PENALTY, "1") == subject_of(PENALTY, "2") is not None


def test_a_person_is_found_by_name_and_birth_date_and_a_namesake_is_not(load: Load) -> None:
    ids = [resident("1980-05-01", 11), resident("1980-05-01", 23), resident("1975-12-31", 12)]
    load(
        HOUSEHOLD,
        {"resident_id": ids[0], "person_name": "张伟", "region": "430102"},
        {"resident_id": ids[1], "person_name": "张伟", "region": "431000"},
        {"resident_id": ids[2], "person_name": "买买提·艾力", "region": "430102"},
    )
    load(
        VOLUNTEER,
        {"number": "1", "person_name": "买买提•艾力", "birth_date": "1975-12-31"},
        {"number": "2", "person_name": "张伟", "birth_date": "1980-05-01"},
        {"number": "3", "person_name": "张伟", "birth_date": "1980-05-01", "region": "431000", "sex": "男"},
        {"number": "4", "person_name": "张伟"},
        {"number": "5", "person_name": "张伟", "birth_date": "1980-05-02"},
    )
    assert subject_of(VOLUNTEER, "1") == api.find_subject("resident_id", ids[2])
    assert subject_of(VOLUNTEER, "3") == api.find_subject("resident_id", ids[1])
    assert [known(subject_of(VOLUNTEER, number)) for number in "245"] == [False, False, False]


def test_codes_that_are_none_identify_nobody(load: Load) -> None:
    load(REGISTRATION, XIANGJIANG, SHOP_A)
    load(
        PENALTY,
        {"number": "1", "registration_number": "无", "name": "甲商行"},
        {"number": "2", "registration_number": "无", "name": "乙商行"},
    )
    assert subject_of(PENALTY, "1") != subject_of(PENALTY, "2")
