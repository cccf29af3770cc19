"""The life of a return: one table of state, action and role. Nothing moves without it."""

from django.db import models

from schools.models import Role


class State(models.TextChoices):
    """Not open and locked are read from the term, never stored on a return."""

    NOT_OPEN = "not_open", "Not open"
    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    SUBMITTED = "submitted", "Submitted"
    SENT_BACK = "sent_back", "Sent back"
    APPROVED = "approved", "Approved"
    LOCKED = "locked", "Locked"


class Action(models.TextChoices):
    SAVE = "save", "typed into"
    HAND = "hand", "shared out"
    SUBMIT = "submit", "submitted"
    WITHDRAW = "withdraw", "taken back"
    SEND_BACK = "send_back", "sent back"
    ACCEPT = "accept", "accepted in part"
    APPROVE = "approve", "approved"
    REOPEN = "reopen", "reopened"
    RECORD = "record", "filled from the records of a past term"


# From which state an action goes to which. A pair that is not here is refused.
MOVES = {
    (State.NOT_STARTED, Action.SAVE): State.IN_PROGRESS,
    (State.IN_PROGRESS, Action.SAVE): State.IN_PROGRESS,
    (State.SENT_BACK, Action.SAVE): State.SENT_BACK,
    (State.NOT_STARTED, Action.HAND): State.NOT_STARTED,
    (State.IN_PROGRESS, Action.HAND): State.IN_PROGRESS,
    (State.SENT_BACK, Action.HAND): State.SENT_BACK,
    (State.NOT_STARTED, Action.SUBMIT): State.SUBMITTED,
    (State.IN_PROGRESS, Action.SUBMIT): State.SUBMITTED,
    (State.SENT_BACK, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.WITHDRAW): State.IN_PROGRESS,
    (State.SUBMITTED, Action.SEND_BACK): State.SENT_BACK,
    (State.SUBMITTED, Action.ACCEPT): State.SUBMITTED,
    (State.SUBMITTED, Action.APPROVE): State.APPROVED,
    (State.APPROVED, Action.REOPEN): State.IN_PROGRESS,
    (State.IN_PROGRESS, Action.REOPEN): State.IN_PROGRESS,
    (State.SENT_BACK, Action.REOPEN): State.SENT_BACK,
    (State.LOCKED, Action.REOPEN): State.IN_PROGRESS,
    (State.NOT_STARTED, Action.RECORD): State.APPROVED,
    (State.APPROVED, Action.RECORD): State.APPROVED,
}

# Who may take an action. Roles of a school are held at the return's own unit, a
# contributor's only in the trust's own return, and there for own lines.
ROLES = {
    Action.SAVE: {Role.HEADTEACHER, Role.SCHOOL_EDITOR, Role.DATA_MANAGER, Role.CONTRIBUTOR},
    Action.HAND: {Role.HEADTEACHER, Role.SCHOOL_EDITOR, Role.DATA_MANAGER},
    Action.SUBMIT: {Role.HEADTEACHER, Role.DATA_MANAGER},
    Action.WITHDRAW: {Role.HEADTEACHER, Role.DATA_MANAGER},
    Action.SEND_BACK: {Role.DATA_MANAGER},
    Action.ACCEPT: {Role.DATA_MANAGER},
    Action.APPROVE: {Role.DATA_MANAGER},
    Action.REOPEN: {Role.DATA_MANAGER},
    Action.RECORD: {Role.DATA_MANAGER},
}
OF_AN_EDITOR_WHO_SUBMITS = {Action.SUBMIT, Action.WITHDRAW}


def roles_for(action, editor_submits):
    """Who may take this action, where the trust lets school editors submit or not."""
    if editor_submits and action in OF_AN_EDITOR_WHO_SUBMITS:
        return ROLES[action] | {Role.SCHOOL_EDITOR}
    return ROLES[action]
