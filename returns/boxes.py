"""The boxes of the entry grid. There are hundreds on a page, so each is one joined string.

A widget of Django writes its box by a template, which takes longer than all the
rest of the page; the HTML is the same.
"""

from django import forms
from django.utils.html import escape
from django.utils.safestring import mark_safe


class _Joined:
    def render(self, name, value, attrs=None, renderer=None):
        return mark_safe(self.joined(self.get_context(name, value, attrs)["widget"]))  # noqa: S308


class _Box(_Joined):
    def joined(self, box):
        value = "" if box["value"] is None else f' value="{escape(box["value"])}"'
        start = f'<input type="{box["type"]}" name="{escape(box["name"])}"'
        return f"{start}{value}{_attributes(box['attrs'])}>"


class TextBox(_Box, forms.TextInput):
    pass


class HiddenBox(_Box, forms.HiddenInput):
    pass


class ListBox(_Joined, forms.Select):
    """A list of answers without groups."""

    def joined(self, box):
        options = "".join(
            f'\n  <option value="{escape(option["value"])}"{_attributes(option["attrs"])}>'
            f"{escape(option['label'])}</option>"
            for _, [option], _ in box["optgroups"]
        )
        name = escape(box["name"])
        return f'<select name="{name}"{_attributes(box["attrs"])}>{options}\n</select>'


def _attributes(attrs):
    told = ((name, value) for name, value in attrs.items() if value is not False)
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"' for name, value in told
    )
