"""What an extract of the register would change in a trust: found, and nothing written.

The schools of the trust are matched by URN, a URN that has changed by its
predecessor. Nothing is matched by name.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from schools.actions import PARTS
from schools.models import Phase, School, Unit, UnitKind

from . import codes

DAY = timedelta(days=1)

# The dated columns of School: what each is called, and what of the register it is.
FACTS = {
    "name": ("name", "name"),
    "urn": ("URN", "urn"),
    "laestab": ("DfE number", "laestab"),
    "type_code": ("type", "type_code"),
    "phase": ("phase", "phase"),
    "low_age": ("lowest age", "low_age"),
    "high_age": ("highest age", "high_age"),
    "is_church": ("church school", "is_church"),
    "has_sixth_form": ("sixth form", "has_sixth_form"),
    "pupils_on_roll": ("pupils on roll", "pupils"),
}


@dataclass(frozen=True)
class Joining:
    """A school that is not here yet. ``columns`` are what ``take_in`` takes."""

    columns: dict
    why_then: str  # where the day of joining comes from

    @property
    def name(self):
        return self.columns["name"]


@dataclass(frozen=True)
class Altering:
    """A school of which something is otherwise ``since`` a day.

    ``facts`` maps a column to (was, now). ``predecessor`` is the URN that the
    school had before, or "". ``parts_begin`` and ``parts_end``: it has become,
    or is no more, a school that is asked phase by phase.
    """

    school: School
    since: date
    facts: dict
    predecessor: str = ""
    parts_begin: bool = False
    parts_end: tuple = ()


@dataclass(frozen=True)
class Leaving:
    """A school that is no more in the trust after its last day, ``left``."""

    school: School
    left: date
    why: str
    parts: tuple


@dataclass
class Changes:
    """All that would change, in the order in which it is shown; ``problems`` forbid any of it.

    ``notes`` say what was looked at and is not changed.
    """

    joining: list = field(default_factory=list)
    altering: list = field(default_factory=list)
    leaving: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    problems: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.joining or self.altering or self.leaving)


def find_changes(trust, extract, links, on):
    """What the extract says otherwise than the trust's schools, from the day ``on``.

    To be asked inside the trust.
    """
    return _Comparison(trust, extract, links, on).changes


def in_words(day):
    return f"{day.day} {day:%B %Y}"


class _Comparison:
    def __init__(self, trust, extract, links, on):
        self.trust, self.extract, self.links, self.on = trust, extract, links, on
        self.changes = Changes()
        every = list(School.objects.schools().select_related("trust").prefetch_related("before"))
        self.schools = [school for school in every if school.left is None or school.left >= on]
        self.gone = {s.urn: s for s in every if s.urn and s not in self.schools}
        self.members = {member.urn for member in extract.members}
        self.by_urn = {school.urn: school for school in self.schools if school.urn}
        self.codes = set(Unit.objects.values_list("code", flat=True))
        self.parts = {}
        for part in Unit.objects.filter(kind=UnitKind.PART).order_by("code"):
            self.parts.setdefault(part.parent_id, []).append(part)
        self._compare()

    def _compare(self):
        found = {}
        for member in sorted(self.extract.members, key=lambda m: (m.name, m.urn)):
            known = len(self.changes.problems)
            school, predecessor = self._match(member)
            if len(self.changes.problems) > known:
                continue
            if school is not None and school.pk in found:
                self._wrong(
                    member, f"is as much {school} as URN {found[school.pk]}; give it its URN first."
                )
            elif school is not None:
                found[school.pk] = member.urn
                self._alter(school, member, predecessor)
            else:
                self._join(member, predecessor)
        if self.changes.problems:
            return  # what has become of the others hangs on these
        if not found and any(school.urn for school in self.schools):
            self.changes.problems.append(
                f"{self.extract.name}: none of the schools of {self.trust} is in "
                f"{self.extract.group} (UID {self.extract.uid}). Is this the right group?"
            )
            return
        for school in self.schools:
            if school.pk not in found and school.urn not in self.members:
                self._leave(school)
        for name in self.extract.proposed:
            self.changes.notes.append(f"{name} is proposed to open: not a school yet.")

    def _wrong(self, member, says):
        """A problem of one row of the extract."""
        self.changes.problems.append(
            f"{self.extract.name}, line {member.line}, URN: {member.urn} “{member.name}” {says}"
        )

    # which of ours it is

    def _match(self, member):
        """The school that an open establishment is, and the URN that it follows, if any."""
        if member.urn in self.by_urn:
            return self.by_urn[member.urn], ""
        if member.urn in self.gone:
            school = self.gone[member.urn]
            self._wrong(
                member,
                f"is in the trust, and {school.code} left on {in_words(school.left)}. If it never "
                "left, take its leaving date away in the administration, and run this again.",
            )
            return None, ""
        if others := School.everywhere.filter(urn=member.urn):
            [other] = others
            here = "" if other.trust_id == self.trust.pk else f" of {other.trust}"
            self._wrong(member, f"is here already, as a {other.get_kind_display().lower()}{here}.")
            return None, ""
        without = [s for s in self.schools if not s.urn]
        for school in without:
            if school.laestab and school.laestab == member.laestab:
                return school, ""
        for school in without:
            if school.name.casefold() == member.name.casefold():
                self._wrong(
                    member,
                    f"has the name of {school.code}, which has no URN. If they are one school, "
                    "give it this URN in the administration; if not, another name.",
                )
        return self._follow(member)

    def _follow(self, member):
        """The school whose URN this one follows: the same school only with the same DfE number."""
        predecessor = self._predecessor(member)
        school = self.by_urn.get(predecessor)
        if school is not None and self._number_of(school) == member.laestab != "":
            row = self.extract.elsewhere.get(predecessor)
            # An extract of open schools has no row of it; the links of schools are enough then.
            if row is None or row.status == codes.CLOSED:
                return school, predecessor
        for school in self.schools:
            is_open = not school.urn or school.urn in self.members
            if not is_open and self._number_of(school) == member.laestab != "":
                self._may_be_two(member, school)
        return None, predecessor

    def _number_of(self, school):
        """Its DfE number by the register, else as it was typed here."""
        row = self.extract.elsewhere.get(school.urn)
        return row.laestab if row else school.laestab

    def _may_be_two(self, member, school):
        """Two URNs with one DfE number: the register does not say that one follows the other."""
        row = self.extract.elsewhere.get(school.urn)
        if row is None:
            self._wrong(
                member,
                f"has the DfE number of {school.code} (URN {school.urn}), which is not in this "
                "file. Take the extract of all establishments, open and closed.",
            )
        elif row.status != codes.CLOSED:
            self._wrong(
                member,
                f"has the DfE number of {school.code} (URN {school.urn}, line {row.line}), and "
                "both are open in this file; one URN must be closed.",
            )

    def _predecessor(self, member):
        """The one URN that the register says came before, or "".

        The links of schools say it; without them it is the last closed one
        with the same DfE number. Several predecessors, or one that was merged
        or split, make no succession: the school that follows is another.
        """
        if self.links.predecessors is not None:
            before = self.links.predecessors.get(member.urn, [])
            return before[0][0] if [kind for _, kind in before] == ["predecessor"] else ""
        closed = [
            (last or date.min, urn)
            for urn, last in self.extract.closed.get(member.laestab, [])
            if urn != member.urn and not (last and member.opened and last > member.opened)
        ]
        return max(closed)[1] if closed else ""

    # what is otherwise

    def _join(self, member, predecessor):
        uid, columns = self.extract.uid, {}
        for column, (_, of_register) in FACTS.items():
            columns[column] = getattr(member, of_register)
        joined = self.links.joined_on(member.urn, uid)
        why = f"in {', '.join(self.links.names)}" if joined else self._why_on(member)
        joined = joined or self.on
        columns |= {"code": member.urn, "joined": joined, "predecessor_urn": predecessor}
        for column in ("is_church", "has_sixth_form"):
            if columns[column] is None:
                columns[column] = False
                self.changes.notes.append(
                    f"{member.name} ({member.urn}): the register does not say whether "
                    f"{FACTS[column][0]}; taken as no. Correct it in the administration."
                )
        try:
            School(trust=self.trust, kind=UnitKind.SCHOOL, **columns).full_clean()
        except ValidationError as why_not:
            for column, says in why_not.message_dict.items():
                self._wrong(member, f"cannot be a school: {column}: {' '.join(says)}")
            return
        if columns["phase"] == Phase.ALL_THROUGH:
            for letter, _ in PARTS:
                self._code_is_free(member, f"{member.urn}-{letter}")
        self.changes.joining.append(Joining(columns, why))

    def _why_on(self, member):
        if self.links.joined is None:
            return "--on; an extract does not say, --links with the group links does"
        return f"--on; {', '.join(self.links.names)} does not say"

    def _code_is_free(self, member, code):
        if code in self.codes:
            self._wrong(member, f"needs a unit with the code {code}, and there is one already.")

    def _alter(self, school, member, predecessor):
        since = (member.opened if predecessor else None) or self.on
        facts = {}
        for column, (_, of_register) in FACTS.items():
            was, now = getattr(school, column), getattr(member, of_register)
            says_nothing = now is None or now == ""
            if not says_nothing and was != now:
                facts[column] = (was, now)
        if school.laestab and not member.laestab:
            self.changes.notes.append(f"{school.code}: the register has no DfE number; it stays.")
        low, high = (facts.get(c, (0, getattr(school, c)))[1] for c in ("low_age", "high_age"))
        if low >= high:
            self._wrong(member, f"would be for ages {low} to {high}; the lowest must be below.")
        self._check_joined(school, member, predecessor)
        parts = [part for part in self.parts.get(school.pk, []) if self._is_here(part, since)]
        phase = facts.get("phase", (None, school.phase))[1]
        begin = phase == Phase.ALL_THROUGH and not parts
        if begin:
            for letter, _ in PARTS:
                self._code_is_free(member, f"{school.code}-{letter}")
        end = () if phase == Phase.ALL_THROUGH else tuple(parts)
        for part in end:
            if part.joined >= since:
                self._wrong(
                    member,
                    f"is no more all-through, but {part.code} began on {in_words(part.joined)}.",
                )
        if not (facts or begin or end):
            return
        latest = max((row.until for row in school.before.all()), default=None)
        if latest and since <= latest:
            self._wrong(
                member,
                f"is otherwise from {in_words(since)}, but {school.code} has changed on "
                f"{in_words(latest + DAY)} already. Take a later day with --on.",
            )
        self.changes.altering.append(Altering(school, since, facts, predecessor, begin, end))

    @staticmethod
    def _is_here(part, day):
        return part.left is None or part.left >= day

    def _check_joined(self, school, member, predecessor):
        """When it joined is not for the register to change: colours of the past hang on it."""
        says = self.links.joined_on(member.urn, self.extract.uid)
        if says and says != school.joined and not (predecessor or school.predecessor_urn):
            self.changes.notes.append(
                f"{school} ({school.code}) joined on {in_words(school.joined)} here, on "
                f"{in_words(says)} in the register. Not changed; correct it in the administration "
                "if the register is right."
            )

    def _leave(self, school):
        row = self.extract.elsewhere.get(school.urn)
        if not school.urn:
            self.changes.notes.append(f"{school} ({school.code}) has no URN: not looked at.")
            return
        if row is None:
            self.changes.notes.append(
                f"{school} ({school.code}, URN {school.urn}) is not in this file: not changed. "
                "An extract of all establishments has it, open or closed."
            )
            return
        left, why = self._left(school, row)
        if left < school.joined:
            self.changes.problems.append(
                f"{self.extract.name}, line {row.line}, URN: {school} ({school.code}, URN "
                f"{school.urn}) {why}. Its last day would be {in_words(left)}, and it joined on "
                f"{in_words(school.joined)}. Correct its URN or its joining date in the "
                "administration."
            )
        elif left != school.left:
            parts = tuple(p for p in self.parts.get(school.pk, []) if self._is_here(p, left))
            self.changes.leaving.append(Leaving(school, left, why, parts))

    def _left(self, school, row):
        """The last day in the trust, and why."""
        if row.status == codes.CLOSED:
            on = "" if row.closed else "; the register does not say when: the day before --on"
            return row.closed or self.on - DAY, f"is closed{on}"
        if not row.trust_uid:
            return self.on - DAY, "is in no trust any more: the day before --on"
        other = f"is in {row.trust_name} (UID {row.trust_uid})"
        if row.status == codes.PROPOSED:
            other = f"is proposed to open in {row.trust_name} (UID {row.trust_uid})"
        joined = self.links.joined_on(school.urn, row.trust_uid)
        if joined:
            return joined - DAY, f"{other} since {in_words(joined)}"
        return self.on - DAY, f"{other}: the day before --on"
