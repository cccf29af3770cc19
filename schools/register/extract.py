"""An extract of all establishments ("edubasealldata"): what it says of one trust's schools."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from . import codes
from .files import Problems, Row, read_day, read_rows

URN = "URN"
NAME = "EstablishmentName"
STATUS = "EstablishmentStatus (code)"
TYPE = "TypeOfEstablishment (code)"
PHASE = "PhaseOfEducation (code)"
LOW_AGE, HIGH_AGE = "StatutoryLowAge", "StatutoryHighAge"
SIXTH_FORM = "OfficialSixthForm (code)"
CHARACTER = "ReligiousCharacter (name)"
FLAG = "TrustSchoolFlag (code)"
TRUST_UID, TRUST_NAME = "Trusts (code)", "Trusts (name)"
AUTHORITY, NUMBER = "LA (code)", "EstablishmentNumber"
# Left out by some, blank in others: without them there is less to say.
PUPILS, OPENED, CLOSED = "NumberOfPupils", "OpenDate", "CloseDate"

NEEDED = [
    *[URN, AUTHORITY, NUMBER, NAME, TYPE, STATUS, PHASE, LOW_AGE, HIGH_AGE],
    *[SIXTH_FORM, CHARACTER, FLAG, TRUST_UID, TRUST_NAME],
]

# A unit's name has 120 characters, and a part's is its school's with its phase.
LONGEST_NAME = 120 - len(", secondary")
OLDEST = 99
MOST_PUPILS = 99_999


@dataclass(frozen=True, slots=True)
class Establishment:
    """An open school of the trust, in our words; None where the register says nothing.

    ``type_code`` has two digits, ``laestab`` seven or none; ``opened`` is the
    first day of this URN.
    """

    line: int
    urn: str
    name: str
    laestab: str
    type_code: str
    phase: str
    low_age: int | None
    high_age: int | None
    is_church: bool | None
    has_sixth_form: bool | None
    pupils: int | None
    opened: date | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What has become of a school that is no open school of the trust."""

    line: int
    status: int
    closed: date | None
    laestab: str
    trust_uid: str
    trust_name: str


@dataclass(slots=True)
class Extract:
    """What one extract says of one trust (the register's "group").

    ``members`` are its open schools, ``proposed`` the names of those that are
    to open; ``elsewhere`` has the other URNs that were asked for; ``closed``
    the closed schools by LAESTAB, each with its URN and last day.
    """

    name: str
    rows: int = 0
    uid: str = ""
    group: str = ""
    members: list[Establishment] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)
    elsewhere: dict[str, Elsewhere] = field(default_factory=dict)
    closed: dict[str, list[tuple[str, date | None]]] = field(default_factory=dict)


def read_extract(path: Path, group: str, urns: Collection[str]) -> Extract:
    """What an extract says of ``group``, a trust's name or UID, and of the schools ``urns``.

    The file is read once, row by row, and only what concerns them is kept.
    BadRegister with every problem: of the file, of the group, and of the rows
    of these schools. Mistakes in other schools' rows are none of ours.
    """
    problems = Problems(path.name)
    extract = Extract(path.name)
    reader = _Reader(extract, group.strip(), frozenset(urns), problems)
    for row in read_rows(path, NEEDED, problems):
        extract.rows += 1
        reader.take(row)
    reader.finish()
    problems.stop()
    return extract


class _Reader:
    def __init__(
        self, extract: Extract, group: str, urns: frozenset[str], problems: Problems
    ) -> None:
        self.extract, self.group, self.urns, self.problems = extract, group, urns, problems
        self.by_uid = group.isascii() and group.isdecimal()
        self.wanted = group.casefold()
        self.lines: dict[str, int] = {}
        self.uids: dict[str, str] = {}  # of the academy trusts that answer to the group
        self.names: dict[str, str] = {}  # all trusts by name, for a suggestion
        self.other_flags: set[str] = set()

    def take(self, row: Row) -> None:
        uid, name = row.raw(TRUST_UID), row.raw(TRUST_NAME)
        is_closed = _number(row.raw(STATUS)) == codes.CLOSED
        if name and not is_closed:
            self.names[name] = uid
        urn = row.raw(URN)
        is_ours = urn in self.urns
        is_member = self._is_named(uid, name) and not is_closed and self._is_academy(row)
        if is_closed and (laestab := _laestab(row)):
            self.extract.closed.setdefault(laestab, []).append((urn, _last_day(row)))
        if not (is_ours or is_member):
            return
        if urn in self.lines:
            row.wrong(URN, f"is there twice, on line {self.lines[urn]} too.")
        self.lines[urn] = row.line
        status = row.code(STATUS, codes.STATUSES, codes.listed(codes.STATUSES))
        if status is None or row.urn(URN) is None:
            return
        if is_member:
            self.uids[uid] = name
        if is_member and status in codes.IS_OPEN:
            if member := _establishment(row):
                self.extract.members.append(member)
            return
        if is_member:
            self.extract.proposed.append(f"{row.text(NAME)} ({urn})")
        if is_ours:
            self.extract.elsewhere[urn] = Elsewhere(
                line=row.line,
                status=status,
                closed=row.day(CLOSED),
                laestab=_laestab(row),
                trust_uid=uid,
                trust_name=row.text(TRUST_NAME) or "",
            )

    def _is_named(self, uid: str, name: str) -> bool:
        return uid == self.group if self.by_uid else name.casefold() == self.wanted

    def _is_academy(self, row: Row) -> bool:
        flag = row.raw(FLAG)
        if _number(flag) in codes.TRUST_FLAGS:
            return True
        self.other_flags.add(flag)
        return False

    def finish(self) -> None:
        """Name the one trust that is meant, or say why that cannot be done."""
        if len(self.uids) > 1:
            several = ", ".join(sorted(self.uids))
            self.problems.add(
                f"{len(self.uids)} trusts are called “{self.group}”. "
                f"Give the UID of one: {several}."
            )
        elif self.uids:
            [(self.extract.uid, self.extract.group)] = self.uids.items()
            if not self.extract.members and not self.problems.number:
                self.problems.add(f"“{self.group}” has no open school.")
        elif self.other_flags:
            self.problems.add(
                f"“{self.group}” is no academy trust: {FLAG} of its schools is "
                f"{', '.join(sorted(self.other_flags)) or 'blank'}; "
                f"allowed are {codes.listed(codes.TRUST_FLAGS)}."
            )
        else:
            self.problems.add(f"there is no open school of “{self.group}”.{self._near()}")

    def _near(self) -> str:
        if self.by_uid:
            return " Give the trust's UID as in “Trusts (code)”, or its whole name."
        names = {name.casefold(): name for name in self.names}
        near = difflib.get_close_matches(self.wanted, names, n=3, cutoff=0.7)
        near += [each for each in sorted(names) if self.wanted in each and each not in near][:3]
        found = "; ".join(f"{names[each]} (UID {self.names[names[each]]})" for each in near[:3])
        return f" Near it: {found}." if found else " Give the whole name, or the UID."


def _establishment(row: Row) -> Establishment | None:
    """An open school; None if something of its row is wrong, and that is named then."""
    before = row.problems.number
    name = row.text(NAME, LONGEST_NAME)
    if name == "":
        row.wrong(NAME, "is no name; words are allowed.")
    type_code = _number(row.raw(TYPE))
    if type_code is None or type_code > 99:
        row.wrong(TYPE, "is no type; a number of one or two digits is allowed.")
    low, high = row.whole(LOW_AGE, OLDEST), row.whole(HIGH_AGE, OLDEST)
    if low is not None and high is not None and low >= high:
        row.wrong(LOW_AGE, f"is not below {HIGH_AGE}, {high}; it must be.")
    has_sixth_form = None
    if row.raw(SIXTH_FORM):
        sixth = row.code(SIXTH_FORM, codes.SIXTH_FORMS, codes.listed(codes.SIXTH_FORMS))
        has_sixth_form = None if sixth is None else codes.SIXTH_FORMS[sixth][1]
    found = Establishment(
        line=row.line,
        urn=row.raw(URN),
        name=name or "",
        laestab=_laestab(row),
        type_code=f"{type_code or 0:02d}",
        phase=_phase(row, type_code),
        low_age=low,
        high_age=high,
        is_church=_is_church(row),
        has_sixth_form=has_sixth_form,
        pupils=row.whole(PUPILS, MOST_PUPILS),
        opened=row.day(OPENED),
    )
    if found.laestab == "" and (row.raw(AUTHORITY) or row.raw(NUMBER)):
        row.wrong(
            NUMBER, f"with {AUTHORITY} “{row.raw(AUTHORITY)}” is no DfE number (3 and 4 digits)."
        )
    return found if row.problems.number == before else None


def _phase(row: Row, type_code: int | None) -> str:
    if type_code is not None and type_code in codes.PHASES_BY_TYPE:
        return codes.PHASES_BY_TYPE[type_code][1]
    code = row.code(PHASE, codes.PHASES, codes.listed(codes.PHASES))
    if code is None:
        return ""
    phase = codes.PHASES[code][1]
    if phase is None:
        row.wrong(
            PHASE,
            f"says no phase, and {TYPE} {row.raw(TYPE)} does not either; "
            f"types that do are {codes.listed(codes.PHASES_BY_TYPE)}.",
        )
    return phase or ""


def _is_church(row: Row) -> bool | None:
    """None for a blank: the register writes code 99 and no name where it is not recorded."""
    character = row.text(CHARACTER)
    if not character:
        return None
    church = codes.is_church(character)
    if church is None:
        allowed = ", ".join(sorted(codes.CHURCHES | codes.NO_CHURCHES))
        row.wrong(CHARACTER, f"is not known here; allowed are {allowed}, and joint ones with “/”.")
    return church


def _last_day(row: Row) -> date | None:
    """Of a school that may be none of ours, so that its mistakes are not ours either."""
    try:
        return read_day(row.raw(CLOSED))
    except ValueError:
        return None


def _laestab(row: Row) -> str:
    """Authority and number in seven digits; "" where the two are not such numbers."""
    authority, number = row.raw(AUTHORITY), row.raw(NUMBER)
    if len(authority) == 3 and 0 < len(number) <= 4 and (authority + number).isdecimal():
        return authority + number.zfill(4)
    return ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
