"""Pages go out compressed; what is kept of a page is compressed once."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from schools.compressed import CompressedMiddleware, Fragment


def answered(content, fragment=None, encoding="br, gzip"):
    """What the middleware makes of a page, for a browser that takes this."""

    def view(request):
        response = HttpResponse(content)
        if fragment is not None:
            response.fragment = fragment
        return response

    request = RequestFactory().get("/", headers={"accept-encoding": encoding})
    return CompressedMiddleware(view)(request)


@given(st.text(), st.text(min_size=1), st.text())
def test_a_page_round_a_fragment_unpacks_to_itself(before, middle, after):
    page = f"{before}{middle}{after}".encode()
    fragment = Fragment(mark_safe(middle))
    response = answered(page, fragment)
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == page
    assert int(response["Content-Length"]) == len(response.content)


def test_the_fragment_is_compressed_once():
    fragment = Fragment(mark_safe("<table>" + "<td>93.5</td>" * 400 + "</table>"))
    page = f"<html><p>One</p>{fragment}</html>"
    first = answered(page, fragment)
    blocks = fragment.blocks
    assert blocks in first.content
    second = answered(page.replace("One", "Two"), fragment)
    assert blocks in second.content
    assert fragment.blocks is blocks
    assert gzip.decompress(second.content).decode() == page.replace("One", "Two")


def test_a_fragment_that_is_not_in_the_page_does_no_harm():
    page = "<p>Something else</p>" * 40
    response = answered(page, Fragment(mark_safe("<p>Not here</p>")))
    assert gzip.decompress(response.content).decode() == page


@pytest.mark.parametrize("encoding", ["", "br", "identity"])
def test_who_cannot_unpack_gets_the_page_as_it_is(encoding):
    page = "<p>Plain</p>" * 40
    response = answered(page, Fragment(mark_safe("<p>Plain</p>")), encoding)
    assert response.content.decode() == page
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
