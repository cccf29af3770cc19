"""Walk the site as a person does: from where they land, by the links that they are shown."""

import re
from collections import deque
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

from django.test import Client
from django.urls import get_resolver, resolve, reverse

from schools.access import TABLE, name_of

# Pages that are come to by a button, or by a colleague's link, and the page before them.
NOT_BY_LINK = {
    "returns:return-check": "returns:return-edit",
    "returns:return-approve": "returns:return-edit",
}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


@dataclass(frozen=True)
class Page:
    """A page that somebody has come to, what stands in it apart from the frame, and all of it."""

    address: str
    main: str
    html: str


def walked(user, role, choices=True):
    """Every kind of page that somebody with this role comes to: ``{kind: Page}``.

    Pages of one view are one kind, however many there are; with a choice in
    the query (a filter, an opened row) they are another, unless ``choices`` are
    left out. Of several choices at once there is no end, so no link with more
    than one is followed.
    """
    client = Client()
    client.force_login(user)
    found, most = {}, 1 if choices else 0
    follow(client, ["/"], found, most)
    for name in open_to(role) & NOT_BY_LINK.keys() - found.keys():
        before = urlsplit(found[NOT_BY_LINK[name]].address).path
        follow(client, [reverse(name, kwargs=resolve(before).kwargs)], found, most)
    return found


def follow(client, addresses, found, most):
    """Open pages, and those that they lead to, until no new kind is found."""
    queue, queued = deque(addresses), set()
    while queue:
        address = queue.popleft()
        response = client.get(address)
        if response.status_code == 302:
            links = [urljoin(address, response.url)]
        else:
            assert response.status_code == 200, f"{address} answers {response.status_code}"
            html = response.content.decode()
            main = TOKEN.sub("", html.partition("<main")[2])
            found.setdefault(kind_of(address), Page(address, main, html))
            links = links_of(html, address)
        for link in links:
            kind = kind_of(link)
            if kind not in found.keys() | queued and kind.count(" ") <= most:
                queued.add(kind)
                queue.append(link)


def kind_of(address):
    """The name of the view and of what is chosen; the term is chosen on every page."""
    parts = urlsplit(address)
    chosen = sorted(parse_qs(parts.query).keys() - {"term"})
    return " ".join([resolve(parts.path).view_name, *chosen])


def links_of(html, address):
    """Where the links of a page lead, if they lead to a page of ours."""
    parser = _Links()
    parser.feed(html)
    for href in parser.found:
        link = urlsplit(urljoin(address, href))
        if not link.scheme and not link.path.startswith(("/static/", "/admin/")):
            yield link._replace(fragment="").geturl()


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "a" and (href := dict(attrs).get("href")):
            self.found.append(href)


def open_to(role):
    """The names of the pages of a trust that a role may read, by the access table."""
    rows = ((name, TABLE.get(name_of(view), {})) for name, view in _views())
    return {name for name, row in rows if role in row.get("GET", ())}


def _views(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", pattern.callback
