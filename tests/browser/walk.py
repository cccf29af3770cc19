"""Walk the site as a person does: from where they land, by the links that they are shown."""

import re
from collections import Counter, deque
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from django.test import Client
from django.urls import get_resolver, resolve, reverse

from schools.access import TABLE, name_of

# Pages that are come to by a button, or by a colleague's link, and the page before them.
NOT_BY_LINK = {
    "returns:return-check": "returns:return-edit",
    "returns:return-approve": "returns:return-edit",
}
# So many pages of views that are known are opened in search of views that are not.
FURTHER = 80
PARTS = re.compile(r'<(\w+)(?:[^>]* class="([^"]*)")?')


@dataclass(frozen=True)
class Page:
    """A page that somebody has come to.

    A file, or what only leads to another page, has nothing to look at: "".
    """

    address: str
    html: str = ""

    @property
    def parts(self):
        """What it is built of: the elements between its header and its footer, by class."""
        return set(PARTS.findall(self.html.partition("<main")[2]))


def walked(user, role, everything=True, sent=None, never=frozenset()):
    """Every kind of page that somebody with this role comes to: ``{kind: Page}``.

    ``sent`` are the pages that came after something was sent, {kind: address},
    ``never`` those that no link leads this person to: they are not looked for.

    Pages of one view are one kind, however many there are; with a choice in
    the query (a filter, an opened row) they are another. Of several choices at
    once there is no end, so no link with more than one is followed. Without
    ``everything``, one page of each view will do, and files are not fetched.
    """
    walk = Walk(user, everything)
    walk.follow("/")
    for kind, address in (sent or {}).items():
        walk.follow(address, kind)
    for name in open_to(role) & NOT_BY_LINK.keys() - walk.found.keys():
        before = urlsplit(walk.found[NOT_BY_LINK[name]].address).path
        walk.follow(reverse(name, kwargs=resolve(before).kwargs))
    walk.look_further(open_to(role, files=everything) - never)
    return walk.found


class Walk:
    """Opens pages, and those that they lead to, until no new kind is found."""

    def __init__(self, user, everything):
        self.client = Client()
        self.client.force_login(user)
        self.everything, self.found, self.queued = everything, {}, set()
        self.aside = {}

    def follow(self, address, kind=None):
        """Open a page and all that it leads to; pages of known kinds are left aside."""
        queue = deque([(address, kind or kind_of(address))])
        while queue:
            for link in self.open(*queue.popleft()):
                kind = kind_of(link)
                if kind not in self.queued and self.is_wanted(kind):
                    self.queued |= {kind, kind.split()[0]}
                    queue.append((link, kind))
                elif not is_file(link):
                    self.aside.setdefault(link, kind.split()[0])

    def look_further(self, wanted):
        """Open other pages of known views until they have led to all that is wanted.

        Not every return has been sent, nor has every term. What is in the same
        part of the site comes first, and there the view that was opened least.
        """
        opened = Counter()
        for _ in range(FURTHER):
            missing = wanted - {kind.split()[0] for kind in self.found}
            parts = {name.partition(":")[0] for name in missing}
            near = [link for link, view in self.aside.items() if view.partition(":")[0] in parts]
            if not near:
                break
            link = min(near, key=lambda link: opened[self.aside[link]])
            view = self.aside.pop(link)
            opened[view] += 1
            self.follow(link, f"{view} further")

    def is_wanted(self, kind):
        """A page of a new view; a known one with a choice if that is wanted too."""
        is_new = kind.split()[0] not in self.queued
        return is_new or (self.everything and kind.count(" ") <= 1)

    def open(self, address, kind):
        """Open one page; the links on it."""
        if is_file(address) and not self.everything:
            self.found[kind] = Page(address)
            return []
        response = self.client.get(address)
        if response.status_code == 302:
            self.found.setdefault(kind, Page(address))
            return [urljoin(address, response.url)]
        assert response.status_code == 200, f"{address} answers {response.status_code}"
        is_kept = is_file(address) or response.streaming
        if response.streaming:
            response.getvalue()  # a kept file stays open until it has been read
        html = "" if is_kept else response.content.decode()
        self.found[kind] = Page(address, html)
        return list(links_of(html, address))


def is_file(address):
    """Whether it is a table or a picture to keep, not a page to look at."""
    return "." in urlsplit(address).path.rpartition("/")[2]


def kind_of(address):
    """The name of the view and of what is chosen; the term is chosen on every page.

    All files of a view are one kind: what is chosen, they only carry along.
    """
    parts = urlsplit(address)
    chosen = [] if is_file(address) else sorted(parse_qs(parts.query).keys() - {"term"})
    return " ".join([resolve(parts.path).view_name, *chosen])


def links_of(html, address):
    """Where the links of a page lead, and its boxes when two are ticked, if to a page of ours."""
    parser = _Links()
    parser.feed(html)
    for href in [*parser.found, *parser.ticked()]:
        link = urlsplit(urljoin(address, href))
        if not link.scheme and not link.path.startswith(("/static/", "/admin/")):
            yield link._replace(fragment="").geturl()


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.forms = [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("a", "link") and attrs.get("href"):  # a report has a style sheet of its own
            self.found.append(attrs["href"])
        if tag == "form":
            self.forms.append((attrs, []))
        if tag == "input" and self.forms and attrs.get("type") == "checkbox":
            self.forms[-1][1].append((attrs.get("name"), attrs.get("value")))

    def ticked(self):
        """What a form asks for when its first two boxes are ticked."""
        for form, boxes in self.forms:
            if form.get("method") == "get" and form.get("action") and boxes:
                yield f"{form['action'].partition('?')[0]}?{urlencode(boxes[:2])}"


def open_to(role, files=True):
    """The names of the pages of a trust that a role may read, by the access table."""
    return {
        name
        for name, view, route in _views()
        if role in TABLE.get(name_of(view), {}).get("GET", ()) and (files or not is_file(route))
    }


def _views(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", pattern.callback, str(pattern.pattern)
