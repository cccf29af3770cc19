"""The link with which somebody sets a first password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse


def link_to_set_a_password(user):
    """A whole address that works once and, as settings say, for seven days.

    It is the one that "Forgotten your password?" mails. A new password or a
    later sign-in ends it.
    """
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_ADDRESS + reverse("account_reset_password_from_key", kwargs=key)
