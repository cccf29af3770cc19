"""What is measured upon: a database of our own, one trust of each size, people signed in."""

import time
from contextlib import contextmanager, redirect_stdout
from io import StringIO

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from schools.models import Term, Trust, User
from schools.tenancy import inside

from .figures import fill
from .history import remember
from .house import YEARS, House

A_DAY = 24 * 60 * 60


@contextmanager
def database(keep):
    """A database with nothing in it; ``keep`` it for the next run."""
    there = connection.settings_dict["NAME"]
    with redirect_stdout(StringIO()):
        connection.creation.create_test_db(
            verbosity=0, autoclobber=True, serialize=False, keepdb=keep
        )
    try:
        yield
    finally:
        connection.creation.destroy_test_db(there, verbosity=0, keepdb=keep)


class Ground:
    """One trust of a size: found if it is there already, else made."""

    def __init__(self, size, seed):
        self.size = size
        self.schools, self.kpis = map(int, size.split("x"))
        slug = f"bench-{size}"
        self.made = None
        if not Trust.objects.filter(slug=slug).exists():
            began = time.perf_counter()
            house = House(self.schools, self.kpis, seed)
            entries = fill(house)
            remember(house)
            self.made = entries, time.perf_counter() - began
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        self.trust = Trust.objects.get(slug=slug)
        with inside(self.trust):
            terms = Term.objects.select_related("period").order_by("period__on")
            self.term = list(terms)[YEARS * 3 - 1]
        self.leader = User.objects.get(email=f"leader@{slug}.example.org")
        self.manager = User.objects.get(email=f"data_manager@{slug}.example.org")
        self.cookie = cookie_of(self.leader)

    def address(self, path, query=""):
        """A page of this trust in the last of its terms with figures."""
        return f"/t/{self.trust.slug}/{path}", f"term={self.term.slug}{query}"


def cookie_of(user):
    """What the browser of somebody who has signed in sends along."""
    return f"{settings.SESSION_COOKIE_NAME}={signed_in(user)}"


def signed_in(user):
    """The key of a session in the middle of a visit: no click is noted while we measure."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["signed_in_at"] = session["seen_at"] = int(time.time()) + A_DAY // 2
    session.set_expiry(A_DAY)
    session.save()
    return session.session_key
