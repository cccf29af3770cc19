"""Signing in: who gets in, who waits, and what nobody learns on the way."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.mail import send_mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.models import Outbox, Role, User
from tests.factories import PASSWORD, make_school, make_trust, make_user

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("account_login")
FORGOTTEN = reverse("account_reset_password")
PEOPLE = "/t/north/people/"
WRONG = "Enter the email and password you use for trustplan. Check that Caps Lock is off."
WAIT = "Too many tries. Wait 15 minutes or reset your password."


@pytest.fixture(autouse=True)
def administrator():
    cache.clear()
    return make_user(Role.TRUST_ADMINISTRATOR, make_trust("north"), email="ada@example.org")


def try_to_sign_in(client, password=PASSWORD, email="ada@example.org", **extra):
    return client.post(SIGN_IN, {"login": email, "password": password}, **extra)


def is_signed_in(client):
    return client.get(PEOPLE).status_code == 200


def test_email_and_password_sign_in_whatever_the_case_of_the_email(client):
    answer = try_to_sign_in(client, email="Ada@Example.ORG")

    assert answer.url == "/"
    assert is_signed_in(client)


def test_you_come_back_to_the_page_you_asked_for(client):
    asked = client.get(PEOPLE, {"term": "2025-autumn"})
    answer = client.post(asked.url, {"login": "ada@example.org", "password": PASSWORD})
    form = client.get(asked.url)

    assert asked.url == f"{SIGN_IN}?next=/t/north/people/%3Fterm%3D2025-autumn"
    assert answer.status_code == form.status_code == 302
    answer = Client().post(
        SIGN_IN, {"login": "ada@example.org", "password": PASSWORD, "next": PEOPLE}
    )
    assert answer.url == PEOPLE


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:1"])
def test_signing_in_leads_to_no_other_site(client, elsewhere):
    form = {"login": "ada@example.org", "password": PASSWORD, "next": elsewhere}

    assert client.post(SIGN_IN, form).url == "/"


def test_a_wrong_password_and_an_unknown_person_get_the_same_page():
    known = try_to_sign_in(Client(), "not the password")
    unknown = try_to_sign_in(Client(), "not the password", email="eve@example.org")

    assert WRONG in known.text
    assert same(known.text) == same(unknown.text.replace("eve@", "ada@"))


def same(page):
    """Without the token, which differs each time."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page)


def test_the_eleventh_wrong_try_waits_even_with_the_right_password(client):
    for _ in range(10):
        assert WRONG in try_to_sign_in(client, "not the password").text

    assert WAIT in try_to_sign_in(client, "not the password").text
    assert WAIT in try_to_sign_in(client).text
    assert not is_signed_in(client)


def test_waiting_ends_after_fifteen_minutes(client, monkeypatch):
    for _ in range(11):
        try_to_sign_in(client, "not the password")
    assert WAIT in try_to_sign_in(client).text

    later = timezone.now().timestamp() + 15 * 60 + 1
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)
    try_to_sign_in(client)

    assert is_signed_in(client)


def test_others_sign_in_while_one_account_waits():
    make_user(email="bea@example.org")
    for _ in range(11):
        try_to_sign_in(Client(), "not the password")

    assert try_to_sign_in(Client(), email="bea@example.org").status_code == 302


def test_one_address_has_fifty_wrong_tries_for_all_accounts(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": ""}
    for number in range(50):
        page = try_to_sign_in(Client(), "no", email=f"guess{number}@example.org")
        assert WRONG in page.text

    assert WAIT in try_to_sign_in(Client(), "no", email="another@example.org").text
    elsewhere = try_to_sign_in(Client(), "no", email="x@example.org", REMOTE_ADDR="192.0.2.7")
    assert WRONG in elsewhere.text


def test_nobody_signs_up(client):
    people = User.objects.count()
    form = {"email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD}

    seen = client.get(reverse("account_signup"))
    sent = client.post(reverse("account_signup"), form)

    assert "<form" not in seen.text.split("<main", 1)[1]
    assert sent.status_code == 200
    assert User.objects.count() == people
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_answered_alike_for_everybody():
    known = Client().post(FORGOTTEN, {"email": "ada@example.org"}, follow=True)
    unknown = Client().post(FORGOTTEN, {"email": "eve@example.org"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert same(known.text) == same(unknown.text)
    assert [mail.to for mail in Outbox.objects.all()] == ["ada@example.org"]


def test_the_mailed_link_sets_a_new_password_once(client):
    client.post(FORGOTTEN, {"email": "ada@example.org"})
    link = re.search(r"https?://\S+", Outbox.objects.get().body)[0]
    new = {"password1": "another long walk home", "password2": "another long walk home"}

    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], new)
    again = Client().get(link, follow=True)

    assert try_to_sign_in(Client(), PASSWORD).status_code == 200
    assert try_to_sign_in(Client(), "another long walk home").status_code == 302
    assert "password1" not in again.text


@pytest.mark.parametrize("weak", ["short", "password1234", "ada@example.org"])
def test_a_weak_password_is_refused_when_it_is_set(client, administrator, weak):
    client.force_login(administrator)
    form = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}

    client.post(reverse("account_change_password"), form)

    administrator.refresh_from_db()
    assert administrator.check_password(PASSWORD)


def test_signing_in_gives_a_new_session(client):
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    before = session.session_key

    client.cookies["sessionid"] = before
    try_to_sign_in(client)

    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_signing_out_ends_the_session_on_the_server(client, administrator):
    client.force_login(administrator)
    key = client.session.session_key

    client.post(reverse("account_logout"))

    assert not Session.objects.filter(pk=key).exists()
    assert not is_signed_in(client)


def test_asking_for_the_sign_out_page_signs_nobody_out(client, administrator):
    client.force_login(administrator)

    client.get(reverse("account_logout"))

    assert is_signed_in(client)


def test_a_new_password_ends_the_other_sessions(client, administrator):
    here, elsewhere = client, Client()
    for each in (here, elsewhere):
        each.force_login(administrator)
    form = {"oldpassword": PASSWORD, "password1": "another long walk home"}

    here.post(reverse("account_change_password"), {**form, "password2": form["password1"]})

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_a_stopped_account_is_out_at_the_next_click(client, administrator):
    client.force_login(administrator)
    assert is_signed_in(client)

    User.objects.filter(pk=administrator.pk).update(is_active=False)

    assert not is_signed_in(client)
    assert not is_signed_in(signed_in_again())


def signed_in_again():
    client = Client()
    try_to_sign_in(client)
    return client


def test_an_hour_without_a_click_ends_the_session(client, administrator):
    client.force_login(administrator)
    assert is_signed_in(client)
    session = Session.objects.get()

    left = session.expire_date - timezone.now()
    assert timedelta(minutes=59) < left <= timedelta(minutes=60)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert not is_signed_in(client)


def test_clicking_keeps_the_session_but_does_not_write_each_time(
    client, administrator, monkeypatch, django_assert_num_queries
):
    client.force_login(administrator)
    client.get(PEOPLE)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))

    assert is_signed_in(client)
    assert Session.objects.get().expire_date < timezone.now() + timedelta(minutes=6)

    later = timezone.now().timestamp() + 61
    monkeypatch.setattr("schools.middleware.time.time", lambda: later)
    assert is_signed_in(client)
    assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=59)


def test_no_session_lasts_longer_than_twelve_hours(client, administrator, monkeypatch):
    client.force_login(administrator)
    assert is_signed_in(client)

    session = client.session
    session["signed_in_at"] -= 12 * 60 * 60 - 5
    session.save()
    assert is_signed_in(client)

    session = client.session
    session["signed_in_at"] -= 10
    session.save()
    assert not is_signed_in(client)


def test_a_form_from_elsewhere_changes_nothing():
    strict = Client(enforce_csrf_checks=True)

    answer = try_to_sign_in(strict)

    assert answer.status_code == 403
    assert "This form has expired" in answer.text
    assert "_auth_user_id" not in strict.session


def test_the_admin_has_no_form_of_its_own_to_sign_in_by(client):
    answer = client.get("/admin/login/")
    posted = client.post("/admin/login/", {"username": "ada@example.org", "password": PASSWORD})

    assert answer.url.startswith(SIGN_IN)
    assert posted.url.startswith(SIGN_IN)
    assert "_auth_user_id" not in client.session


def test_any_mail_waits_in_the_outbox_once_for_each_address():
    send_mail("Reminder", "Your return is due.", None, ["a@example.org", "b@example.org"])

    assert list(Outbox.objects.values_list("to", "subject", "body")) == [
        ("a@example.org", "Reminder", "Your return is due."),
        ("b@example.org", "Reminder", "Your return is due."),
    ]


def test_each_role_lands_on_its_own_work(sign_in):
    trust = make_trust("south")
    make_school(trust)

    landings = {role: sign_in(make_user(role, trust)).get("/t/south/").url for role in Role}

    returns = reverse("returns:return-list", args=["south"])
    matrix = reverse("dashboard:matrix", args=["south"])
    assert landings == {
        Role.TRUST_ADMINISTRATOR: "/t/south/people/",
        Role.LEADER: matrix,
        Role.AUDITOR: matrix,
        Role.DATA_MANAGER: returns,
        Role.HEADTEACHER: reverse("dashboard:schools", args=["south"]),
        Role.SCHOOL_EDITOR: returns,
        Role.CONTRIBUTOR: returns,
        Role.TRUSTEE: reverse("reports:report-latest", args=["south"]),
    }


def test_who_belongs_to_one_trust_is_sent_there_and_who_to_two_chooses(client, administrator):
    client.force_login(administrator)
    assert client.get("/").url == "/t/north/"

    south = make_trust("south", name="South Learning Trust")
    client.force_login(make_user(Role.AUDITOR, south, email=administrator.email))
    page = client.get("/").text

    assert 'href="/t/north/"' in page
    assert 'href="/t/south/"' in page
    assert "South Learning Trust" in page
    assert "Auditor" in page
