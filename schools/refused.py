"""What an action says when it will not do what was asked."""


class Refused(Exception):
    """The action cannot be done now; the message is a sentence for the person who asked.

    It says why, and what to do next. The middleware makes it a page with
    status 409; commands print it.
    """
