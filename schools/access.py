"""Who may open which page: one table, and what is not in it is refused.

A page of a trust stands below ``/t/<trust>/`` and has a row that ``access``
writes. The few pages outside trusts are named here. The middleware asks.
"""

from django.urls.converters import SlugConverter

from .people import Role

EVERYBODY = frozenset(Role)

# The row of each view: {"returns.views.return_edit": {"GET": roles, "POST": roles}}
TABLE = {}

# By the name in urls.py. Closed sign-up is a page too: it says that it is closed.
PUBLIC = frozenset(
    {
        "account_login",
        "account_logout",
        "account_signup",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)
SIGNED_IN = frozenset({"schools:home", "account_change_password"})


def access(**methods):
    """Write the view's row: which roles may GET it, which may POST to it.

    Whoever may GET may HEAD. Roles are held in the trust of the path; whether
    one is held at the unit that an action touches, the action asks.
    """

    def write(view):
        TABLE[name_of(view)] = {method: frozenset(roles) for method, roles in methods.items()}
        return view

    return write


def name_of(view):
    """The view's name in the table."""
    return f"{view.__module__}.{view.__qualname__}"


class TrustConverter(SlugConverter):
    """The trust in the path; addresses can be made from the trust or its slug."""

    def to_url(self, value):
        return getattr(value, "slug", value)
