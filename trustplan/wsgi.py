"""The door that a web server calls: granian trustplan.wsgi:application."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustplan.settings")
application = get_wsgi_application()

# What is there now stays, so the sweeper need never look at it again; and a page that
# reads and judges makes a hundred thousand things that it still needs, so it is looked
# through less often than a small program would be. A third of reading was sweeping.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
