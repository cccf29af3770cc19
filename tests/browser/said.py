"""What somebody can read and do on a page: its heading, how many links, how many boxes."""

SAID = """page => [
    page.querySelector("main h1")?.textContent,
    page.querySelectorAll("main a[href]").length,
    page.querySelectorAll("main :is(input, select, textarea, button:not([type=button]))").length,
]"""


def said_on(page):
    """On the page as it stands, after its scripts."""
    return page.evaluate(f"({SAID})(document)")


def said_in(page, html):
    """In a page as it was served: what a browser has that runs no script."""
    return page.evaluate(
        f"html => ({SAID})(new DOMParser().parseFromString(html, 'text/html'))", html
    )
