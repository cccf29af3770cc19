"""The system administrator's tables: trusts, units, terms, people, and what was done.

Plans change by plan file and figures come in through returns; neither is here.
Nothing is deleted: a school leaves, a membership ends, an account is stopped.
"""

from django import forms
from django.contrib import admin
from django.db import transaction

from .models import (
    AuditRow,
    Deadline,
    Job,
    Membership,
    Office,
    Outbox,
    School,
    SchoolBefore,
    SchoolPhaseOfImprovement,
    Term,
    Trust,
    Unit,
    UnitKind,
    User,
)
from .tenancy import inside

admin.site.site_header = admin.site.site_title = "trustplan: system administration"


def trust_of(thing):
    """The trust on which a row hangs, by its model's ``to_trust``."""
    if isinstance(thing, Trust):
        return thing
    for step in thing.to_trust.split("__"):
        thing = getattr(thing, step)
    return thing


class InTrustForm(forms.ModelForm):
    """Keeps a row, and all that it names, to the trust that the form says."""

    def _post_clean(self):
        first = first_step(self._meta.model)
        named = self.cleaned_data.get(first) or getattr(self.instance, first, None)
        if named is None:
            return  # the box is empty, and the form has said so
        with inside(trust_of(named)) as trust:
            for box, value in list(self.cleaned_data.items()):
                for thing in value if hasattr(value, "all") else [value]:
                    if hasattr(thing, "to_trust") and trust_of(thing) != trust:
                        self.add_error(box, f"{thing} belongs to another trust.")
            super()._post_clean()

    def _get_validation_exclusions(self):
        """The trust cannot be changed, but no two rows of it may be the same."""
        return super()._get_validation_exclusions() - {first_step(self._meta.model)}


def first_step(model):
    """The column by which a row hangs, directly or in the end, on its trust."""
    return model.to_trust.split("__")[0]


class Kept(admin.ModelAdmin):
    """Rows that are never deleted here."""

    def has_delete_permission(self, request, obj=None):
        return False


class AcrossTrusts(Kept):
    """Rows of every trust; each change is in its trust's history."""

    form = InTrustForm
    list_filter = ("trust",)

    def get_queryset(self, request):
        rows = self.model.everywhere.all()
        return rows.order_by(*self.get_ordering(request) or self.model._meta.ordering)

    def get_readonly_fields(self, request, obj=None):
        """A row stays in its trust."""
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, first_step(self.model)) if obj else readonly

    def has_add_permission(self, request):
        return super().has_add_permission(request) and Trust.objects.exists()

    def get_field_queryset(self, db, db_field, request):
        remote = db_field.remote_field.model
        return remote.everywhere.all() if hasattr(remote, "everywhere") else None

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        """Inside the row's trust; an empty form is of none yet, and any will do.

        Django asks each table's own manager for choices before it takes ours.
        """
        row = self.get_queryset(request).filter(pk=object_id).first() if object_id else None
        with inside(trust_of(row) if row else Trust.objects.first()):
            return super().changeform_view(request, object_id, *args, **kwargs)

    @transaction.atomic
    def save_related(self, request, form, formsets, change):
        """The last thing that saving does: many-to-many rows are in the history too."""
        thing = form.instance
        with inside(trust_of(thing)) as trust:
            super().save_related(request, form, formsets, change)
            AuditRow.objects.record(
                "changed" if change else "created",
                thing,
                by=request.user,
                channel=AuditRow.Channel.ADMIN,
                before=as_text(form.initial, form.changed_data) if change else None,
                after=as_text(form.cleaned_data, form.changed_data),
            )
            Unit.objects.filter(kind=UnitKind.TRUST, trust=trust).changed()


def as_text(values, names):
    """What JSON takes: many-to-many values as a list of names."""
    return {
        name: [str(each) for each in values[name]]
        if isinstance(values.get(name), list) or hasattr(values.get(name), "all")
        else str(values.get(name))
        for name in names
    }


class ReadOnly(Kept):
    """Rows that only the site itself writes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Trust)
class TrustAdmin(AcrossTrusts):
    list_display = ("name", "slug", "contact_name", "is_example")
    list_filter = ()
    form = forms.ModelForm

    def get_queryset(self, request):
        return Trust.objects.all()

    def get_readonly_fields(self, request, obj=None):
        """Addresses that people have kept stay true; example data is made by a command."""
        return ("slug", "is_example")

    def has_add_permission(self, request):
        """A trust begins with its terms: ``manage.py create_trust``."""
        return False


@admin.register(Unit)
class UnitAdmin(AcrossTrusts):
    list_display = ("name", "kind", "code", "phase", "joined", "left", "trust")
    list_filter = ("trust", "kind")
    search_fields = ("name", "code")


@admin.register(School)
class SchoolAdmin(AcrossTrusts):
    list_display = ("name", "code", "urn", "phase", "joined", "left", "trust")
    search_fields = ("name", "code", "urn")


@admin.register(SchoolBefore)
class SchoolBeforeAdmin(ReadOnly, AcrossTrusts):
    list_display = ("school", "until", "urn", "phase", "is_church", "has_sixth_form")
    list_filter = ()
    search_fields = ("school__name", "urn")


@admin.register(SchoolPhaseOfImprovement)
class ImprovementAdmin(AcrossTrusts):
    list_display = ("school", "name", "since")
    list_filter = ()


@admin.register(Term)
class TermAdmin(AcrossTrusts):
    list_display = ("__str__", "starts", "ends", "opens", "due", "closed_at", "trust")
    readonly_fields = ("period", "closed_at")

    def has_add_permission(self, request):
        """A term has a period of its own: ``manage.py create_trust`` makes both."""
        return False


@admin.register(Deadline)
class DeadlineAdmin(AcrossTrusts):
    list_display = ("term", "unit", "due", "reason")
    list_filter = ()


@admin.register(Office)
class OfficeAdmin(AcrossTrusts):
    list_display = ("name", "code", "trust")


@admin.register(Membership)
class MembershipAdmin(AcrossTrusts):
    list_display = ("user", "role", "trust", "ended_at")
    list_filter = ("trust", "role")
    search_fields = ("user__name", "user__email")


@admin.register(User)
class UserAdmin(Kept):
    """Passwords are set by their owners, with a link; stopping takes the tick from active."""

    fields = ("email", "name", "is_active", "is_superuser", "is_staff", "last_login")
    readonly_fields = ("last_login",)
    list_display = ("name", "email", "is_active", "is_superuser", "last_login")
    search_fields = ("name", "email")

    def save_model(self, request, user, form, change):
        if not change:
            user.set_unusable_password()
        super().save_model(request, user, form, change)


@admin.register(AuditRow)
class AuditRowAdmin(ReadOnly, AcrossTrusts):
    list_display = ("at", "by", "action", "thing_kind", "thing_name", "channel", "trust")
    list_filter = ("trust", "channel", "action")
    search_fields = ("thing_name", "by__name")


@admin.register(Outbox)
class OutboxAdmin(ReadOnly):
    """What waits and what went wrong; the text may hold a link, so it is not shown."""

    list_display = ("subject", "to", "created_at", "tries", "done_at", "error")
    exclude = ("body", "html")


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("kind", "argument", "trust", "created_at", "tries", "done_at", "error")
