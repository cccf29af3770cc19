from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Board reports"

    def ready(self):
        # The worker does its jobs; the plan page asks how the plan stands in a report.
        from . import publishing  # noqa: F401
        from .reading import plan_standing  # noqa: F401
