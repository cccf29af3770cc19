"""What somebody was shown of a line, in a few characters that travel with the form.

The version tells whether it has changed since; the digest of its text tells
whether this person has touched it, so that a page left open for an hour never
puts old figures back.
"""

import json
from hashlib import blake2s

from ..asked.questions import NAMES, Typed


def fingerprint(version: int | str, typed: Typed) -> str:
    """The version and a digest of the text: "3.9f86d081884c".

    >>> fingerprint(3, Typed("94.1")) == fingerprint("3", Typed("94.1"))
    True
    >>> fingerprint(3, Typed("94.1")) == fingerprint(3, Typed("94.2"))
    False
    """
    told = [getattr(typed, name) for name in NAMES]
    text = json.dumps(told, ensure_ascii=True).encode("ascii")
    return f"{version}.{blake2s(text, digest_size=6).hexdigest()}"
