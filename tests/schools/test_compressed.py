"""Pages go out compressed; what is kept of a page is compressed once."""

import gzip

import pytest
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from schools.compressed import HERE, CompressedMiddleware, Fragment, FramedResponse


def answered(before, fragment, after, encoding="br, gzip"):
    """What the middleware makes of a framed page, for a browser that takes this."""

    def view(request):
        return FramedResponse(f"{before}{HERE}{after}", fragment)

    request = RequestFactory().get("/", headers={"accept-encoding": encoding})
    return CompressedMiddleware(view)(request)


@given(st.text(), st.text(), st.text())
def test_a_page_round_a_fragment_unpacks_to_itself(before, middle, after):
    response = answered(before, Fragment(mark_safe(middle)), after)
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content).decode() == f"{before}{middle}{after}"
    assert int(response["Content-Length"]) == len(response.content)


def test_a_long_fragment_is_compressed_once_and_its_checksum_is_right():
    fragment = Fragment(mark_safe("<table>" + "<td>93.5</td>" * 40_000 + "</table>"))
    first = answered("<html><p>One</p>", fragment, "</html>")
    blocks = fragment.blocks
    second = answered("<html><p>Two</p>", fragment, "</html>")
    assert blocks in first.content
    assert blocks in second.content
    assert fragment.blocks is blocks
    assert gzip.decompress(second.content).decode() == f"<html><p>Two</p>{fragment.text}</html>"


@pytest.mark.parametrize("encoding", ["", "br", "identity"])
def test_who_cannot_unpack_gets_the_page_as_it_is(encoding):
    fragment = Fragment(mark_safe("<p>Plain</p>"))
    response = answered("<html>", fragment, "</html>", encoding)
    assert response.content.decode() == "<html><p>Plain</p></html>"
    assert int(response["Content-Length"]) == len(response.content)
    assert "Content-Encoding" not in response


def test_every_page_is_compressed_and_its_length_tells_nothing(client):
    lengths = {
        len(client.get("/sign-in/", headers={"accept-encoding": "gzip"}).content) for _ in range(8)
    }
    page = client.get("/sign-in/", headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page["Vary"]
    assert b"Sign in" in gzip.decompress(page.content)
    assert len(lengths) > 1
