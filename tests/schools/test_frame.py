"""The frame round every page."""

import re

import pytest
from django.urls import reverse

from schools.models import Role
from tests.factories import make_return, make_school, make_term, make_trust, make_user

pytestmark = pytest.mark.django_db


def current_link(page):
    return re.findall(r'<a[^>]*aria-current="page"[^>]*>([^<]*)<', page.text)


def test_the_menu_says_where_you_are_on_every_page_of_a_return(client):
    trust = make_trust()
    return_ = make_return(make_school(trust), make_term(trust))
    client.force_login(make_user(Role.DATA_MANAGER, trust))

    returns = client.get(reverse("returns:return-list", args=[trust.slug]))
    one = client.get(reverse("returns:return-edit", args=[trust.slug, return_.pk]))
    plan = client.get(reverse("dashboard:plan", args=[trust.slug]))

    assert current_link(returns)[:1] == ["Returns"]
    assert current_link(one)[:1] == ["Returns"]
    assert current_link(plan)[:1] == ["Plan"]
