"""Mail about a return, queued in the transaction that wants it.

A mail says where to look, and never a figure: it can be read by whoever reads
the school's post.
"""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from schools.models import Membership, Outbox, Role
from schools.people import OF_A_SCHOOL

from .asked.asking import name_of


def people_of(return_, offices=()):
    """Who fills in a return: a school's people, or those of some offices of the trust."""
    if return_.is_the_trusts:
        of = Q(role=Role.CONTRIBUTOR, offices__in=offices)
    else:
        of = Q(role__in=OF_A_SCHOOL, units=return_.unit_id)
    found = Membership.objects.current().filter(of).select_related("user").order_by("user__name")
    return list({membership.user_id: membership.user for membership in found}.values())


def tell_sent_back(return_, lines, *, by):
    """Tell a school's people that their return is theirs again, and what is asked.

    Of the trust's own return, those of the offices that are asked.
    """
    offices = {line.measure.office_id for line in lines or return_.lines.select_related("measure")}
    names = [f"- {_name(line, return_)}: {_address(return_, line)}" for line in lines]
    asked = ["These figures are asked about:", "", *names, ""] if names else []
    body = [
        f"{return_.unit.trust.name} has sent back the {return_.term} return of {return_.unit}.",
        "",
        *asked,
        *([] if names else ["There is a note for you on its page.", ""]),
        f"Open the return: {_address(return_)}",
        "",
        "Change what is asked, then submit it again. Nothing that you typed is lost.",
    ]
    subject = f"{return_.unit}: your {return_.term} return has come back"
    _post(people_of(return_, offices), subject, body, but=by)


def tell_handed(return_, lines, to, *, by):
    """Tell a colleague which figures are now theirs to gather."""
    count = len(lines)
    figures = f"{count} figure{'' if count == 1 else 's'}"
    body = [
        f"{by} has handed you {figures} of the {return_.term} return of {return_.unit}:",
        "",
        *[f"- {_name(line, return_)}" for line in lines],
        "",
        f"Fill them in here: {_address(return_, whose='mine')}",
    ]
    subject = f"{return_.unit}: {figures} of the {return_.term} return for you"
    _post([to], subject, body, but=by)


def _name(line, return_):
    name = name_of(line.measure, line.group)
    return name if line.unit_id == return_.unit_id else f"{name}, {line.unit}"


def _address(return_, line=None, **query):
    path = reverse(
        "returns:return-edit", args=[return_.unit.trust, return_.pk], query=query or None
    )
    anchor = "#line-" + "-".join(map(str, line.key)) if line else ""
    return f"{settings.SITE_ADDRESS}{path}{anchor}"


def _post(people, subject, lines, *, but):
    """One mail to each but the person who does it."""
    body = "\n".join(lines) + "\n"
    Outbox.objects.bulk_create(
        Outbox(to=user.email, subject=subject[:200], body=body) for user in people if user != but
    )
