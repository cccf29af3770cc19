from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "Trusts, schools and people"

    def ready(self):
        from . import checks  # noqa: F401 (registers them)
