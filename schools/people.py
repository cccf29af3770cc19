"""Who may do what: people, the offices of a trust, and memberships in it."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .tenancy import InTrust


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail. What they may do is in their memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(models.functions.Lower("email"), name="user_email_any_case"),
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class Office(models.Model):
    """A desk of the trust that answers for some measures: HR, finance, estates."""

    trust = models.ForeignKey("schools.Trust", on_delete=models.PROTECT, related_name="offices")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)

    to_trust = "trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "code"], name="office_code_once"),
        ]

    def __str__(self):
        return self.name


class Role(models.TextChoices):
    """What a person does in one trust; the system administrator is outside trusts."""

    TRUST_ADMINISTRATOR = "trust_administrator", "Trust administrator"
    LEADER = "leader", "Trust leader"
    DATA_MANAGER = "data_manager", "Data manager"
    HEADTEACHER = "headteacher", "Headteacher"
    SCHOOL_EDITOR = "school_editor", "School editor"
    CONTRIBUTOR = "contributor", "Contributor"
    TRUSTEE = "trustee", "Trustee"
    AUDITOR = "auditor", "Auditor"


SEES_ALL = frozenset({Role.LEADER, Role.DATA_MANAGER, Role.AUDITOR})
OF_A_SCHOOL = frozenset({Role.HEADTEACHER, Role.SCHOOL_EDITOR})


class MembershipQuerySet(models.QuerySet):
    def current(self):
        """Not ended, and the person may still sign in."""
        return self.filter(ended_at=None, user__is_active=True)


class Membership(models.Model):
    """One role of one person in one trust, for some units or offices of it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    trust = models.ForeignKey("schools.Trust", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=Role)
    units = models.ManyToManyField("schools.Unit", blank=True, related_name="memberships")
    offices = models.ManyToManyField(Office, blank=True, related_name="memberships")
    ended_at = models.DateTimeField(null=True, blank=True)

    to_trust = "trust"
    objects = InTrust.from_queryset(MembershipQuerySet)()
    everywhere = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        ordering = ["user__name", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "trust", "role"], name="membership_once"),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"


class Memberships:
    """All that one person may do in one trust: their roles there, added up.

    Built once a request from one query; querysets take it in ``seen_by``. A
    person without a membership has no roles and reaches nothing.
    """

    def __init__(self, user, trust):
        self.user, self.trust = user, trust
        mine = Membership.everywhere.current().filter(user=user, trust=trust).order_by("pk")
        units, offices = {}, set()
        for role, unit, office in mine.values_list("role", "units", "offices"):
            units.setdefault(Role(role), set()).add(unit)
            if role == Role.CONTRIBUTOR:
                offices.add(office)
        self.roles = frozenset(units)
        self._units_by_role = {role: frozenset(theirs - {None}) for role, theirs in units.items()}
        self.unit_ids = frozenset().union(
            *(theirs for role, theirs in self._units_by_role.items() if role in OF_A_SCHOOL)
        )
        self.office_ids = frozenset(offices - {None})

    def __bool__(self):
        return bool(self.roles)

    def has(self, *roles):
        """Whether one of these roles is held anywhere in the trust."""
        return not self.roles.isdisjoint(roles)

    def holds(self, role, unit):
        """Whether this role is held at this unit: asked again for each action."""
        return role in self.roles and (
            role not in OF_A_SCHOOL or unit.pk in self._units_by_role[role]
        )

    def units_of(self, role):
        """The numbers of the units at which a role is held."""
        return self._units_by_role.get(role, frozenset())

    @property
    def sees_all(self):
        """Every figure and verdict of the trust, schools by name."""
        return self.has(*SEES_ALL)

    @property
    def block(self):
        """What decides what is seen: part of the key of anything cached."""
        return (
            self.sees_all,
            tuple(sorted(self.unit_ids)),
            tuple(sorted(self.office_ids)),
        )

    def reach(self):
        """The units of one's own schools: the schools, their parts, sites and bodies."""
        return Q(pk__in=self.unit_ids) | Q(parent__in=self.unit_ids) | Q(serves__in=self.unit_ids)
