"""What went wrong is said in words, with a next step and somebody to ask."""

import sqlite3

import pytest
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.utils import timezone
from psycopg.errors import DiskFull

from schools.models import Role, Trust
from schools.refused import Refused
from schools.views import broken
from tests.factories import PASSWORD, make_trust, make_user

pytestmark = pytest.mark.django_db

PEOPLE = "/t/north/people/"
CONTACT = "Joan Pettifer"


@pytest.fixture
def administrator():
    trust = make_trust("north", contact_name=CONTACT, contact_email="joan@north.example")
    return make_user(Role.TRUST_ADMINISTRATOR, trust, email="ada@example.org")


@pytest.fixture
def client(administrator):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(administrator)
    return client


def raises(problem):
    def raiser(*_):
        raise problem

    return raiser


def break_it(monkeypatch, why=None):
    monkeypatch.setattr("schools.views.person", raises(why or RuntimeError("broken")))


def not_yours(client, monkeypatch):
    return client.get("/t/south/people/")


def never_there(client, monkeypatch):
    return client.get("/t/north/nothing/")


def form_without_token(client, monkeypatch):
    return client.post(PEOPLE, {})


def refused(client, monkeypatch):
    break_it(monkeypatch, Refused("Ask again tomorrow."))
    return client.get(PEOPLE)


def ours(client, monkeypatch):
    break_it(monkeypatch)
    return client.get(PEOPLE)


@pytest.mark.parametrize("ask", [not_yours, never_there, form_without_token, refused, ours])
def test_whatever_went_wrong_the_trusts_contact_is_named_and_a_way_on(ask, client, monkeypatch):
    answer = ask(client, monkeypatch)

    main = answer.text.partition("<main")[2].partition("</main>")[0]
    assert CONTACT in main
    assert "mailto:joan@north.example" in main
    assert '<a href="/' in main


@pytest.mark.parametrize(
    ("host", "leads_back"), [("testserver", True), ("elsewhere.example", False)]
)
def test_what_was_refused_leads_back_to_the_page_of_ours_where_the_button_was(
    host, leads_back, client, monkeypatch
):
    break_it(monkeypatch, Refused("It has changed meanwhile."))

    page = client.get(PEOPLE, headers={"referer": f"http://{host}/t/north/people/?show=all"})

    back = '<a href="/t/north/people/?show=all">Open the page again, as it is now</a>'
    assert (back in page.text) is leads_back
    assert host == "testserver" or host not in page.text


def test_what_is_ours_asks_nothing_of_the_database(rf, administrator, django_assert_num_queries):
    request = rf.get(PEOPLE)
    request.trust = Trust.objects.get(slug="north")

    with django_assert_num_queries(0):
        answer = broken(request)

    assert answer.status_code == 500
    assert CONTACT in answer.text


def test_what_is_ours_stands_without_the_list_of_style_sheets(rf, settings):
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}

    answer = broken(rf.get("/"))

    assert "Sorry, there is a problem" in answer.text
    assert "tell your trust’s office" in answer.text


def test_a_page_that_broke_can_be_tried_again_and_what_was_sent_is_not_sent_twice(rf):
    asked, sent = broken(rf.get(PEOPLE, {"term": "2025-autumn"})), broken(rf.post(PEOPLE))

    assert f'href="{PEOPLE}?term=2025-autumn"' in asked.text
    assert f'href="{PEOPLE}' not in sent.text


@pytest.mark.parametrize("why", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_that_is_away_is_said_plainly_with_when_to_try_again(why, client, monkeypatch):
    break_it(monkeypatch, why)

    answer = client.get(PEOPLE)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "trustplan is not available just now" in answer.text
    assert "What a page said was saved is saved" in answer.text
    assert f'href="{PEOPLE}"' in answer.text
    assert "disk" not in answer.text


def test_a_full_disk_is_named_and_what_was_sent_is_still_on_the_page_before(rf):
    answers = []
    for why in (sqlite_says_full(), DiskFull("no space left")):
        try:
            raise OperationalError(str(why)) from why
        except OperationalError:
            answers.append(broken(rf.post(PEOPLE)))

    for answer in answers:
        assert answer.status_code == 503
        assert "until there is room on the server’s disk" in answer.text
        assert "What you have just sent is not: go back" in answer.text


def sqlite_says_full():
    """What SQLite itself raises on a file that may not grow."""
    database = sqlite3.connect(":memory:")
    database.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as full:
        database.execute("CREATE TABLE figures (value)")
    database.close()
    return full.value


def test_what_is_no_fault_of_the_database_is_no_503(client, monkeypatch):
    break_it(monkeypatch)

    answer = client.get(PEOPLE)

    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers


def test_a_stranger_who_finds_nothing_is_told_no_names(administrator):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {})

    assert answer.status_code == 403
    assert CONTACT not in answer.text
    assert "Ask your trust’s office" in answer.text


def test_a_stranger_who_tries_too_often_may_set_a_new_password():
    for _ in range(31):
        answer = Client().post("/sign-in/", {})

    assert answer.status_code == 429
    assert 'href="/password/forgotten/"' in answer.text


def signed_out_in_the_middle(administrator):
    client = Client()
    client.force_login(administrator)
    Session.objects.update(expire_date=timezone.now())
    return client


def sign_in(client, answer):
    form = {"login": "ada@example.org", "password": PASSWORD}
    return client.post(answer.url, form).url


def test_after_a_pause_you_sign_in_and_are_on_the_same_page(administrator):
    client = signed_out_in_the_middle(administrator)

    sent_away = client.get(PEOPLE, {"term": "2025-autumn"})

    assert "what a page said was saved is saved" in client.get(sent_away.url).text
    assert sign_in(client, sent_away) == f"{PEOPLE}?term=2025-autumn"


def test_what_was_sent_after_a_pause_leads_back_to_the_page_that_sent_it(administrator):
    client = signed_out_in_the_middle(administrator)

    sent_away = client.post(
        "/t/north/returns/1/submit/", headers={"referer": f"http://testserver{PEOPLE}?a=1"}
    )

    assert sign_in(client, sent_away) == f"{PEOPLE}?a=1"


@pytest.mark.parametrize("page", ["", "https://example.com/x/", "http://testserver.example.com/"])
def test_no_other_site_can_say_where_to_come_back_to(page, administrator):
    client = signed_out_in_the_middle(administrator)

    sent_away = client.post(PEOPLE, headers={"referer": page})

    assert sign_in(client, sent_away) == PEOPLE


def test_who_comes_to_the_front_door_is_told_nothing_of_pages_asked_for():
    assert "page that you asked for" not in Client().get("/sign-in/?next=/").text
