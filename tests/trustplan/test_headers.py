"""What every answer says to a browser, whatever kind of answer it is."""

import pytest
from django.test import Client

from schools.models import Role
from schools.refused import Refused
from tests.factories import make_trust, make_user

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}


@pytest.fixture
def administrator():
    return make_user(Role.TRUST_ADMINISTRATOR, make_trust("north"))


@pytest.fixture
def client(administrator):
    client = Client(raise_request_exception=False)
    client.force_login(administrator)
    return client


def page(client, monkeypatch):
    return client.get("/t/north/people/"), 200


def sign_in_page(client, monkeypatch):
    return Client().get("/sign-in/"), 200


def sent_to_sign_in(client, monkeypatch):
    return Client().get("/t/north/people/"), 302


def not_found(client, monkeypatch):
    return client.get("/t/south/people/"), 404


def no_such_address(client, monkeypatch):
    return client.get("/nothing/here/"), 404


def not_allowed(client, monkeypatch):
    return client.post("/t/north/people/"), 405


def refused(client, monkeypatch):
    monkeypatch.setattr("schools.views.person", raises(Refused("Ask again tomorrow.")))
    return client.get("/t/north/people/"), 409


def broken(client, monkeypatch):
    monkeypatch.setattr("schools.views.person", raises(RuntimeError("secret of the source")))
    return client.get("/t/north/people/"), 500


def form_expired(client, monkeypatch):
    return Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a@example.org"}), 403


def wrong_host(client, monkeypatch):
    return client.get("/", HTTP_HOST="elsewhere.example"), 400


def too_many(client, monkeypatch):
    for _ in range(30):
        Client().post("/sign-in/", {})
    return Client().post("/sign-in/", {}), 429


def admin(client, monkeypatch):
    return Client().get("/admin/"), 302


def raises(problem):
    def raiser(*_):
        raise problem

    return raiser


ANSWERS = [
    page,
    sign_in_page,
    sent_to_sign_in,
    not_found,
    no_such_address,
    not_allowed,
    refused,
    broken,
    form_expired,
    wrong_host,
    too_many,
    admin,
]


@pytest.mark.parametrize("ask", ANSWERS)
def test_every_answer_carries_the_policy_and_is_never_stored(ask, client, monkeypatch):
    answer, status = ask(client, monkeypatch)

    assert answer.status_code == status
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("ask", [not_found, not_allowed, refused, broken, form_expired, too_many])
def test_what_went_wrong_is_said_in_words_with_a_next_step(ask, client, monkeypatch):
    answer, status = ask(client, monkeypatch)

    assert '<html lang="en-GB">' in answer.text
    assert "<h1>" in answer.text
    assert str(status) not in answer.text.split("<main")[1]
    assert "secret of the source" not in answer.text


def test_a_refusal_says_why(client, monkeypatch):
    answer, _ = refused(client, monkeypatch)

    assert "Ask again tomorrow." in answer.text


def test_a_method_that_a_page_has_not_got_is_answered_with_those_it_has(client, monkeypatch):
    answer, _ = not_allowed(client, monkeypatch)

    assert answer.headers["Allow"] == "GET"


def test_style_sheets_carry_the_policy_and_are_for_our_own_pages_only(client):
    answer = client.get("/static/css/base.css")
    answer.close()

    assert answer.status_code == 200
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers
