"""Django's own ``makemigrations``: it writes code and starts nothing, so it asks for no secrets."""

from django.core.checks import Tags
from django.core.management.commands import makemigrations


class Command(makemigrations.Command):
    requires_system_checks = [Tags.models, Tags.urls, Tags.templates]
