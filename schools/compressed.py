"""Pages go out compressed, and the part of a page that is kept is compressed once.

A page's frame is made anew for each request (it holds the form with which one
signs out), what it is about may be kept: as a `Fragment`, whose bytes are
compressed when it is made. The two are joined in one gzip stream, as RFC 1952
and RFC 1951 allow: blocks that refer to nothing before them can be put together,
and the checksum of a whole follows from those of its parts.
"""

import gzip
import secrets
import struct
import zlib
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe

LEVEL = 6
LONGEST_NAME = 100  # bytes at random, against guessing what is in a page by its length
HERE = mark_safe("<!--fragment-->")  # in a frame, where its fragment goes; text is escaped


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

    @cached_property
    def checksum(self) -> int:
        return zlib.crc32(self.content)

    @cached_property
    def shift(self) -> int:
        """What a checksum before it is multiplied by."""
        return _shift(len(self.content))


class FramedResponse(HttpResponse):
    """A frame with one place, `HERE`, and the fragment that goes there.

    The middleware puts the two together; without it the page is its frame.
    """

    def __init__(self, frame, fragment):
        super().__init__(frame)
        self.fragment = fragment


class CompressedMiddleware(GZipMiddleware):
    """Django's, but of a framed page only what is round its fragment is compressed anew."""

    def process_response(self, request, response):
        fragment = getattr(response, "fragment", None)
        if fragment is None:
            return super().process_response(request, response)
        before, _, after = response.content.partition(HERE.encode())
        patch_vary_headers(response, ("Accept-Encoding",))
        if re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
            response.content = _joined(before, fragment, after)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response.content = before + fragment.content + after
        response.headers["Content-Length"] = str(len(response.content))
        return response


def _joined(before, fragment, after):
    """One gzip file of three parts, the middle one as it was compressed once."""
    checksum = _multiplied(fragment.shift, zlib.crc32(before)) ^ fragment.checksum
    checksum = zlib.crc32(after, checksum)
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


# The checksum of two parts: that of the first times x to the length of the second
# in bits, and that of the second, over the polynomial of CRC-32. zlib can do it, but
# Python's zlib does not offer it.

POLYNOMIAL = 0xEDB88320
ONE = 1 << 31  # the bits stand in reverse: the highest is x to the power of nought
A_BYTE = ONE >> 8


def _multiplied(one, other):
    product = 0
    for bit in range(31, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = other >> 1 ^ (POLYNOMIAL if other & 1 else 0)
    return product


def _shift(length):
    """x to the power of so many bytes: squared again and again."""
    power, square = ONE, A_BYTE
    while length:
        if length & 1:
            power = _multiplied(power, square)
        square = _multiplied(square, square)
        length >>= 1
    return power
