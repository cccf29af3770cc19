"""What must not happen in a browser while our pages are open."""


class Watch:
    """Listens to every page of a browser context and keeps what went wrong.

    That is: a request to anybody but us, something that the policy has stopped,
    an error of a script, a file that a page asked for and did not get. A page
    that itself answers 404 or 409 is a page like any other.
    """

    def __init__(self, context, ours):
        self.faults = []
        self._ours = (ours, "about:", "blob:", "chrome-error:")
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))

    def _asked(self, request):
        if not request.url.startswith(self._ours):
            self.faults.append(f"stranger: {request.url}")

    def _answered(self, response):
        if response.status >= 400 and response.request.resource_type != "document":
            self.faults.append(f"{response.status}: {response.url}")

    def _said(self, message):
        # Chromium says here what the policy has stopped; answers are counted above.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")
