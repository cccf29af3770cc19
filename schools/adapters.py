"""Where our sign-in differs from the library's."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; what is said is in our own words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "Enter the email and password you use for trustplan. Check that Caps Lock is off."
        ),
        # As long as the limits in settings count: then every try has passed.
        "too_many_login_attempts": "Too many tries. Wait 15 minutes or reset your password.",
    }

    def is_open_for_signup(self, request):
        return False
