from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Board reports"

    def ready(self):
        from . import publishing  # noqa: F401 (the worker does its jobs)
