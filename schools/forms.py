"""The sign-in forms, in our words: the library's repeat the label inside the box."""

from allauth.account import forms

# By the name of the box: its label, and what to do when it is left empty.
WORDS = {
    "login": ("Email", "Enter your email."),
    "email": ("Email", "Enter your email."),
    "password": ("Password", "Enter your password."),
    "oldpassword": ("Current password", "Enter your current password."),
    "password1": ("New password", "Enter a new password."),
    "password2": ("New password again", "Enter the new password again."),
}
HINTS = {"password1": "At least 12 characters, not easy to guess. Three words do well."}


class InOurWords:
    """Labels, hints and errors as everywhere else on the site."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label, field.error_messages["required"] = WORDS[name]
            field.help_text = HINTS.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(InOurWords, forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autofocus"] = True


class ForgottenForm(InOurWords, forms.ResetPasswordForm):
    pass


class NewPasswordForm(InOurWords, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(InOurWords, forms.ChangePasswordForm):
    pass
