"""Fields and their errors, tied together for those who do not see them."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.http import HttpRequest
from django.template import engines
from lxml import html

from shuniu.web import samples
from shuniu.web.forms import DayField, PlainForm


class Day(PlainForm):
    day = DayField(label="日期", required=False)


def draw(form: forms.Form) -> html.HtmlElement:
    source = (
        '{% import "web/parts.html.jinja" as parts %}<form>{{ parts.error_summary(form) }}'
        "{% for one in form %}{{ parts.field(one) }}{% endfor %}</form>"
    )
    return html.fromstring(engines["jinja2"].from_string(source).render({"form": form}, HttpRequest()))


@pytest.mark.parametrize("form", [samples.SampleForm(), samples.wrong_form()], ids=["fresh", "wrong"])
def test_every_control_has_a_label_and_every_description_exists(form: forms.Form) -> None:
    page = draw(form)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {label.get("for") for label in page.iter("label")}
    for control in page.iter("input", "select", "textarea"):
        assert control.get("id") in labelled
    for element in page.iter():
        assert set(element.get("aria-describedby", "").split()) <= set(ids)


def test_an_error_stands_at_its_field_and_in_the_summary_which_leads_there() -> None:
    page = draw(samples.wrong_form())
    links = page.findall(".//div[@role='alert']//a")
    assert [link.text_content() for link in links][:2] == [
        "请填写企业名称。",
        "处罚日期：这不是日期。请写成 YYYY-MM-DD，例如 2024-03-05。",
    ]
    for link in links:
        assert page.get_element_by_id(link.get("href", "").removeprefix("#")) is not None
    control = page.get_element_by_id("id_wrong-day")
    assert control.get("aria-invalid") == "true"
    assert "id_wrong-day_error" in control.get("aria-describedby", "")


def test_a_form_without_error_has_no_summary_and_marks_what_may_stay_empty() -> None:
    page = draw(samples.SampleForm())
    assert page.find(".//div[@role='alert']") is None
    assert [label.text_content() for label in page.iter("label") if "选填" in label.text_content()] == ["说明（选填）"]


@pytest.mark.parametrize("typed", ["2024-03-05", "2024/3/5", "2024.03.05", "２０２４－０３－０５", " 2024-03-05 "])
def test_a_day_is_understood_as_people_type_it(typed: str) -> None:
    form = Day({"day": typed})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2024, 3, 5)


@pytest.mark.parametrize("typed", ["2024-13-05", "2023-02-29", "05-03-2024", "昨天"])
def test_what_is_no_day_is_refused_with_the_remedy(typed: str) -> None:
    assert Day({"day": typed}).errors["day"] == ["这不是日期。请写成 YYYY-MM-DD，例如 2024-03-05。"]


def test_a_day_is_shown_as_the_house_writes_days() -> None:
    assert 'value="2024-03-05"' in str(Day(initial={"day": date(2024, 3, 5)})["day"])
