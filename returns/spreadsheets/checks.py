"""What must be true before a spreadsheet is opened."""

from importlib.util import find_spec

import openpyxl
from django.core.checks import Error, Tags, register


@register(Tags.security)
def workbooks_are_read_safely(app_configs, **kwargs):
    """openpyxl asks for defusedxml by itself, and does without in silence."""
    if find_spec("defusedxml") is not None and openpyxl.DEFUSEDXML:
        return []
    return [
        Error(
            "Excel files would be read without defusedxml.",
            hint="Install the requirements again; a file could read others or fill the memory.",
            id="returns.E001",
        )
    ]
