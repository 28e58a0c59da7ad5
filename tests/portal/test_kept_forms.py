"""A form posted after its session ended: kept, led to sign in, shown to its writer alone, posted again by his press alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shuniu.cases.api import drafts
from shuniu.directory import api as directory
from shuniu.directory.models import Account
from shuniu.portal.kept import api
from shuniu.portal.kept.api import Typed
from shuniu.portal.models import KeptForm
from shuniu.portal.tasks import expire_kept
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.cases.test_drafts import begun
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.refusals import rule_of

__all__ = ["cast", "signed_in"]
pytestmark = pytest.mark.django_db
LETTER = "请尽快修复解放路的路灯。\n第二行 <b>"


def ended(client: Client) -> None:
    """The session is over, as when its time is: the browser still has its other cookies."""
    client.cookies.pop(settings.SESSION_COOKIE_NAME, None)


def again(client: Client, who: Actor) -> None:
    """Sign in, in the same browser."""
    client.force_login(Account.objects.get(pk=int(who.person.split(":")[1])))


def shown(client: Client) -> str:
    answer = client.get("/kept/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def offered(page: str) -> tuple[str, dict[str, str]]:
    """Where the first form of the page leads, and what it posts."""
    form = page[page.index("<form", page.index('class="kept"')) :]
    form = form[: form.index("</form>")]
    address = re.search(r'action="([^"]+)"', form)
    assert address is not None
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return address[1], {name: text for name, text in fields if name != "csrfmiddlewaretoken"}


@pytest.fixture
def citizen(cast: Cast, signed_in: SignedIn) -> Client:
    """A citizen's browser, with a page of the portal open."""
    client = signed_in(cast.citizen)
    client.get("/start/")
    return client


def test_what_is_typed_is_there_after_signing_in_and_is_posted_by_a_press_alone(cast: Cast, citizen: Client) -> None:
    draft = begun(cast.citizen)
    where = f"/apply/{draft}/page/shop/"
    ended(citizen)
    answer = citizen.post(where, {"q-shop": "湘味小馆", "seen": "0"}, headers={"referer": f"http://testserver{where}"})
    said = urlsplit(answer.headers["Location"])
    assert (answer.status_code, said.path, parse_qs(said.query)) == (302, "/sign-in/", {"next": ["/kept/"]})
    assert "您填写的内容已经留下" in citizen.get(answer.headers["Location"]).content.decode()
    again(citizen, cast.citizen)
    assert drafts.view(actor=cast.citizen, draft=draft).answers == {}
    page = shown(citizen)
    assert "您刚才填写的内容还在" in page and "湘味小馆" in page and f'href="{where}"' in page
    address, fields = offered(page)
    assert address == where
    assert citizen.post(address, fields).status_code == 302
    assert drafts.view(actor=cast.citizen, draft=draft).answers == {"shop": "湘味小馆"}
    assert "没有留下的内容" in shown(citizen) and not KeptForm.objects.exists()


@pytest.mark.parametrize(
    ("role", "address", "said"),
    [
        ("market_officer", "/desk/documents/new/outgoing/", {"title": "关于路灯的通知", "text": LETTER}),
        ("market_officer", "/desk/cases/4300002026000001/act/examine/", {"opinion": LETTER}),
        ("citizen", "/hall/cases/4300002026000001/withdraw/", {"reason": LETTER}),
        ("citizen", "/hall/delegations/new/", {"words": LETTER}),
        ("office", "/desk/holidays/new/", {"reason": LETTER}),
    ],
)
def test_every_form_of_desk_and_hall_keeps_it_alike(
    cast: Cast, signed_in: SignedIn, role: str, address: str, said: Mapping[str, str]
) -> None:
    who: Actor = getattr(cast, role)
    client = signed_in(who)
    client.get("/start/")
    ended(client)
    assert client.post(address, dict(said)).headers["Location"] == "/sign-in/?next=%2Fkept%2F"
    again(client, who)
    kept, fields = offered(client.get("/kept/").content.decode())
    assert kept == address
    assert {name: unescape(text) for name, text in fields.items() if name in said} == dict(said)


def test_only_its_writer_is_shown_it_and_another_who_signs_in_is_told_no_more_than_that(
    cast: Cast, citizen: Client
) -> None:
    ended(citizen)
    citizen.post("/hall/cases/1/withdraw/", {"reason": "我的理由"})
    held = KeptForm.objects.get()
    again(citizen, cast.firm)
    page = shown(citizen)
    assert "另一个账号填写的内容" in page and "我的理由" not in page and "/withdraw/" not in page
    citizen.post(f"/kept/{held.pk}/drop/")
    assert KeptForm.objects.exists()
    again(citizen, cast.citizen)
    assert "我的理由" in shown(citizen)


def test_another_browser_is_shown_nothing(cast: Cast, citizen: Client, client: Client) -> None:
    ended(citizen)
    citizen.post("/hall/cases/1/withdraw/", {"reason": "我的理由"})
    again(client, cast.citizen)
    assert "没有留下的内容" in shown(client)


def test_whoever_had_not_signed_in_before_goes_on_as_whom_he_signs_in(cast: Cast, client: Client) -> None:
    client.post("/hall/cases/1/withdraw/", {"reason": "我的理由"})
    assert KeptForm.objects.get().whose == ""
    again(client, cast.firm)
    assert "我的理由" in shown(client)


def test_a_cookie_that_somebody_made_up_names_nobody(cast: Cast, client: Client) -> None:
    client.cookies["writer"] = api.whose(cast.citizen)
    client.post("/hall/cases/1/withdraw/", {"reason": "x"})
    assert KeptForm.objects.get().whose == ""


def told(client: Client) -> list[tuple[str, str]]:
    """What the page says was typed: the words of each field and of its value."""
    return re.findall(r"<dt>([^<]*)</dt><dd><pre[^>]*>([^<]*)</pre>", shown(client))


def test_what_was_typed_stands_under_the_words_of_its_form(cast: Cast, citizen: Client) -> None:
    ended(citizen)
    citizen.post("/hall/cases/1/withdraw/", {"reason": "我的理由", "unheard_of": "别的"})
    again(citizen, cast.citizen)
    assert told(citizen) == [("撤回理由", "我的理由"), ("unheard_of", "别的")]


def test_the_questions_of_a_draft_are_told_by_their_titles_and_answers_by_their_words(
    cast: Cast, citizen: Client
) -> None:
    draft = begun(cast.citizen)
    ended(citizen)
    posted = {"q-shop": "湘味小馆", "q-sells_food": "true", "q-nothing": "x"}
    citizen.post(f"/apply/{draft}/page/shop/", posted)
    citizen.post("/apply/999999/page/shop/", {"q-shop": "没有这份草稿"})
    again(citizen, cast.citizen)
    assert told(citizen) == [
        ("q-shop", "没有这份草稿"), ("店名", "湘味小馆"), ("是否经营食品", "是"), ("q-nothing", "x"),
    ]  # fmt: skip


def test_of_the_acts_at_one_address_the_one_that_it_names_gives_the_words_and_hidden_fields_are_left_out(
    cast: Cast, signed_in: SignedIn
) -> None:
    client = signed_in(cast.market_officer)
    client.get("/start/")
    ended(client)
    posted = {"examine-opinion": "符合条件。", "examine-seat": "3"}
    client.post("/desk/cases/4300002026000001/act/examine/", posted)
    again(client, cast.market_officer)
    assert told(client) == [("审查意见", "符合条件。")]


def test_finding_the_words_runs_no_page(cast: Cast, citizen: Client) -> None:
    ended(citizen)
    citizen.post("/hall/cases/1/withdraw/", {"reason": "我的理由"})
    again(citizen, cast.citizen)
    before = Entry.objects.count()
    shown(citizen)
    assert set(Entry.objects.order_by("pk")[before:].values_list("verb", flat=True)) == {"portal.read_kept"}


def test_what_waits_is_sealed_and_the_journal_holds_neither_it_nor_its_address(cast: Cast, citizen: Client) -> None:
    ended(citizen)
    citizen.post("/hall/cases/4300002026000001/withdraw/", {"reason": "我的理由"})
    held = KeptForm.objects.get()
    assert "我的理由".encode() not in bytes(held.sealed)
    assert citizen.cookies["kept"].value.encode() not in bytes(held.token)
    entry = Entry.objects.get(verb="portal.keep_form")
    assert (entry.object, entry.detail) == ("form:portal:case_withdraw", {"fields": 1, "files": 0})


def test_files_are_named_and_asked_for_again_and_never_kept(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.market_officer)
    client.get("/start/")
    ended(client)
    file = SimpleUploadedFile("图纸.pdf", b"%PDF-secret" * 1000)
    client.post("/desk/documents/new/outgoing/", {"title": "通知", "new": file})
    assert KeptForm.objects.get().size < 1000
    again(client, cast.market_officer)
    page = shown(client)
    assert "当时选择的文件没有留下，请重新选择" in page and "图纸.pdf" in page
    assert 'type="file"' in page and 'name="new"' in page and 'enctype="multipart/form-data"' in page


def test_a_request_as_large_as_its_files_is_led_to_sign_in_unread(client: Client) -> None:
    answer = client.post(
        "/hall/materials/", {"file": SimpleUploadedFile("a.pdf", b"x" * 100)}, CONTENT_LENGTH="900000000"
    )
    assert answer.headers["Location"] == "/sign-in/?next=%2Fhall%2Fmaterials%2F"
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("name", ["password", "new_password", "totp", "pin", "email-code", "sms-code", "kept_form"])
def test_passwords_and_codes_are_never_kept(cast: Cast, citizen: Client, name: str) -> None:
    ended(citizen)
    citizen.post("/desk/contacts/own/email/confirm/", {name: "918273", "address": "a@b.cn"})
    again(citizen, cast.citizen)
    page = shown(citizen)
    assert "918273" not in page and "a@b.cn" in page
    assert ("密码、验证码不保留" in page) == (name != "kept_form")


def test_nothing_is_kept_of_signing_in_nor_of_what_is_no_page_of_desk_or_hall(client: Client) -> None:
    for address in ("/sign-in/", "/enrol/", "/password/", "/security/totp/", "/accounts/1/", "/api/exchange/nothing"):
        client.post(address, {"login": "x", "password": "y", "text": "z"})
    assert not KeptForm.objects.exists()


def test_nothing_is_kept_of_a_form_from_elsewhere() -> None:
    stranger = Client(enforce_csrf_checks=True)
    for address in ("/hall/cases/1/withdraw/", "/desk/documents/new/outgoing/"):
        assert stranger.post(address, {"reason": "买药请点这里"}).status_code == 403
    assert not KeptForm.objects.exists()


def test_who_has_signed_in_and_lacks_the_right_is_told_so_and_nothing_is_kept(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.firm).post("/desk/holidays/new/", {"reason": "x"}).status_code == 403
    assert not KeptForm.objects.exists()


def test_the_page_that_is_named_is_one_of_this_site_or_the_form_s_own(cast: Cast, citizen: Client) -> None:
    ended(citizen)
    for referer in ("https://evil.example/desk/", "http://testserver//evil.example/", "javascript:alert(1)"):
        citizen.post("/hall/cases/1/withdraw/", {"reason": referer}, headers={"referer": referer})
    again(citizen, cast.citizen)
    page = shown(citizen)
    links = re.findall(r'填写的页面：<a href="([^"]*)"', page)
    assert links == ["/hall/cases/1/withdraw/"] * 3


def test_the_same_twice_is_kept_once(citizen: Client) -> None:
    ended(citizen)
    for _ in range(2):
        citizen.post("/hall/cases/1/withdraw/", {"reason": "x"})
    assert KeptForm.objects.count() == 1


def test_it_ends_when_it_is_cleared_or_its_time_is_over(cast: Cast, citizen: Client) -> None:
    ended(citizen)
    for reason in ("先写的", "后写的"):
        citizen.post("/hall/cases/1/withdraw/", {"reason": reason})
    again(citizen, cast.citizen)
    first = KeptForm.objects.earliest("pk")
    citizen.post(f"/kept/{first.pk}/drop/")
    page = shown(citizen)
    assert "后写的" in page and "先写的" not in page
    KeptForm.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert "后写的" not in shown(citizen)
    expire_kept(timestamp=0)
    assert not KeptForm.objects.exists()


def test_no_more_waits_than_there_is_room_for_and_it_is_said_what_to_do(cast: Cast, client: Client) -> None:
    def keep(text: str, writer: str = "somebody") -> None:
        typed = Typed(address="/hall/", page="/hall/", fields=(("text", text),))
        api.keep(actor=cast.anonymous, token="t", writer=writer, view="portal:hall", typed=typed)

    assert rule_of(lambda: keep("长" * api.MOST[1])) == "kept.much"
    for number in range(api.MOST[0]):
        keep(str(number))
    assert rule_of(lambda: keep("x")) == "kept.much"
    for number in range(api.MOST_UNKNOWN[0]):
        keep(str(number), writer="")
    answer = client.post("/hall/cases/1/withdraw/", {"reason": "x"})
    assert answer.status_code == 403 and "没有能留下" in answer.content.decode()


def test_who_opens_a_page_that_needs_signing_in_is_led_there_and_back(client: Client) -> None:
    for address in ("/desk/work/", "/desk/fees/", "/hall/cases/", "/desk/documents/?show=mine", "/kept/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"next": [address]}


def test_the_worker_may_end_what_nobody_came_for() -> None:
    assert api.expire(actor=directory.system("worker")) == 0
