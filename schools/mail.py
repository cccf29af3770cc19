"""Mail goes into the outbox in the transaction that wants it; the worker sends it."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from .models import Outbox


class OutboxBackend(BaseEmailBackend):
    """Queue each message, once for each address it is for."""

    def send_messages(self, email_messages):
        for message in email_messages:
            html = next((part.content for part in getattr(message, "alternatives", [])), "")
            Outbox.objects.bulk_create(
                Outbox(to=to, subject=message.subject, body=message.body, html=html)
                for to in message.recipients()
            )
        return len(email_messages)


def send_next(now):
    """Send the mail that has waited longest; False if none is due.

    What could not be sent waits for its next try. What was sent loses its
    text: a link that sets a password should not lie about.
    """
    mail = Outbox.objects.take(now)
    if mail is None:
        return False
    try:
        _deliver(mail)
    except Exception as error:  # one bad mail must not hold up the others
        mail.error = f"{type(error).__name__}: {error}"
        mail.save(update_fields=["error"])
    else:
        mail.done_at, mail.error, mail.body, mail.html = now, "", "", ""
        mail.save(update_fields=["done_at", "error", "body", "html"])
    return True


def _deliver(mail):
    subject = " ".join(mail.subject.split())  # a name on two lines is no second head
    message = EmailMultiAlternatives(
        subject, mail.body, to=[mail.to], connection=get_connection(settings.DELIVERY_BACKEND)
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()
