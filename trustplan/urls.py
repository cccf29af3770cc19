"""Every address of the site. A page of a trust stands below /t/<trust>/."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path, re_path, register_converter

from schools.access import TrustConverter

register_converter(TrustConverter, "trust")

# Before admin.site.urls is read: the admin's own form would pass by the limits.
admin.site.login = secure_admin_login(admin.site.login)

# What other apps register and nobody here uses.
for unused in (Group, EmailAddress):
    admin.site.unregister(unused)

SIGNING_IN = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-up/", account.signup, name="account_signup"),
    path("stopped/", account.account_inactive, name="account_inactive"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/forgotten/", account.password_reset, name="account_reset_password"),
    path(
        "password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"
    ),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

urlpatterns = [
    *SIGNING_IN,
    path("", include("schools.urls")),
    path("t/<trust:trust>/", include("returns.urls")),
    path("t/<trust:trust>/", include("dashboard.urls")),
    path("t/<trust:trust>/", include("reports.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "schools.views.bad_request"
handler404 = "schools.views.not_found"
handler429 = "schools.views.too_many"
handler500 = "schools.views.broken"
