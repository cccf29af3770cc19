"""The windows that pages are looked at in, in CSS pixels."""

DESK = {"width": 1366, "height": 768}
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}
# A desk window of 1280 at 400 % zoom.
SMALLEST = {"width": 320, "height": 640}


def scrolls_sideways(page, size):
    """Whether the page itself is wider than such a window; tables may scroll in theirs."""
    page.set_viewport_size(size)
    return page.evaluate("document.documentElement.scrollWidth") > size["width"]
