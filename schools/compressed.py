"""Pages go out compressed, and the part of a page that is kept is compressed once.

A page's frame is made anew for each request (it holds the form with which one
signs out), what it is about may be kept: as a `Fragment`, whose bytes are
compressed when it is made. The two are joined in one gzip stream, as RFC 1952
and RFC 1951 allow: blocks that refer to nothing before them can be put together.
"""

import gzip
import secrets
import struct
import zlib
from dataclasses import dataclass
from functools import cached_property

from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString

LEVEL = 6
LONGEST_NAME = 100  # bytes at random, against guessing what is in a page by its length


@dataclass(frozen=True)
class Fragment:
    """Ready HTML of a page, free of forms and of anything about one request."""

    text: SafeString

    @cached_property
    def content(self) -> bytes:
        """As it stands in the page."""
        return self.text.encode()

    @cached_property
    def blocks(self) -> bytes:
        """Compressed, to stand in the middle of a stream."""
        return _blocks(self.content)

    def __str__(self):
        return self.text

    __html__ = __str__


class CompressedMiddleware(GZipMiddleware):
    """Django's, but for a page with a fragment: only what is round it is compressed anew.

    The view hangs the fragment on its response: ``response.fragment``.
    """

    def process_response(self, request, response):
        fragment = getattr(response, "fragment", None)
        accepts = request.headers.get("Accept-Encoding", "")
        if fragment is None or not re_accepts_gzip.search(accepts):
            return super().process_response(request, response)
        before, found, after = response.content.partition(fragment.content)
        if not found:
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        response.content = _joined(before, fragment, after)
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = "gzip"
        return response


def _joined(before, fragment, after):
    """One gzip file of three parts, the middle one as it was compressed once."""
    checksum = zlib.crc32(after, zlib.crc32(fragment.content, zlib.crc32(before)))
    length = len(before) + len(fragment.content) + len(after)
    return b"".join(
        [
            b"\x1f\x8b\x08" + bytes([gzip.FNAME]) + b"\0\0\0\0\0\xff",
            secrets.token_hex(1 + secrets.randbelow(LONGEST_NAME // 2)).encode() + b"\0",
            _blocks(before),
            fragment.blocks,
            _blocks(after, zlib.Z_FINISH),
            struct.pack("<LL", checksum, length & 0xFFFFFFFF),
        ]
    )


def _blocks(content, ending=zlib.Z_FULL_FLUSH):
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(content) + compressor.flush(ending)
