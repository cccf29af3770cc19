"""Text in a CSV file that no spreadsheet takes for a formula, and the same text again.

Excel takes a text that begins with = + - or @ for a formula, in quotes or not.
So such a text gets an apostrophe in front. A text that has one there already
gets another: whoever takes one away again has the text as it was.
"""

from xml.sax.saxutils import escape

# What starts a formula, in full width too: some programs take those for the same.
STARTS = frozenset("=+-@＝＋－＠")
CONTROLS = frozenset("\t\r\n")
UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\u00ad"


def defused(text: str) -> str:
    """The text, with an apostrophe in front where it could be taken for a formula.

    >>> defused("=1+1"), defused("'=1+1"), defused("Don't"), defused("'tis")
    ("'=1+1", "''=1+1", "Don't", "'tis")
    """
    return f"'{text}" if _could_start_a_formula(text.lstrip("'")) else text


def restored(text: str) -> str:
    """What a field said before it was defused."""
    is_defused = text[:1] == "'" and _could_start_a_formula(text.lstrip("'"))
    return text[1:] if is_defused else text


def unmarked(text: str) -> str:
    """The text for a cell of a workbook: XlsxWriter would take some for its own markup.

    >>> unmarked("<b>"), unmarked("<r></r>")
    ('<b>', '<r><t xml:space="preserve">&lt;r&gt;&lt;/r&gt;</t></r>')
    """
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text)}</t></r>'
    return text


def _could_start_a_formula(text: str) -> bool:
    seen = text.lstrip().lstrip(UNSEEN).lstrip()
    return text[:1] in CONTROLS or (seen[:1] in STARTS if seen else False)
