"""The sign-in forms speak as the rest of the site does."""

import re

import pytest
from django.urls import reverse

from schools.models import Role
from tests.factories import make_trust, make_user

pytestmark = pytest.mark.django_db

PAGES = {
    "account_login": ["Enter your email.", "Enter your password."],
    "account_reset_password": ["Enter your email."],
    "account_change_password": [
        "Enter your current password.",
        "Enter a new password.",
        "Enter the new password again.",
    ],
}


@pytest.fixture
def browser(client, request):
    if request.param == "account_change_password":
        client.force_login(make_user(Role.LEADER, make_trust("north")))
    return client, reverse(request.param), PAGES[request.param]


each_page = pytest.mark.parametrize("browser", PAGES, indirect=True)


@each_page
def test_an_empty_form_says_what_to_enter_box_by_box(browser):
    client, url, problems = browser

    page = client.post(url, {}).text

    summary = re.search(r'<div class="summary".*?</div>', page, re.S).group()
    assert re.findall(r"<a href=\"#id_\w+\">(.*?)</a>", summary) == problems
    assert "<title>Error: " in page


@each_page
def test_no_label_is_repeated_inside_its_box(browser):
    client, url, _ = browser

    page = client.get(url).text

    assert page.count("<label") == len(PAGES[client.get(url).resolver_match.view_name])
    assert "placeholder" not in page


def test_a_new_password_has_its_rule_beside_it(client):
    client.force_login(make_user(Role.LEADER, make_trust("north")))

    page = client.get(reverse("account_change_password")).text

    assert "At least 12 characters" in page
    assert 'aria-describedby="id_password1_helptext"' in page
