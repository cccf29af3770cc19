"""The register's codes, and what they mean here: the one table of each.

Sources, all public copies of "Get information about schools" (GIAS):

- types and their groups: its list of establishment types of 22 April 2025
  (github.com/MastodonC/witan.gias, data/edubasealldata20250422-establishment-types.csv);
- phases 2 to 7 and "not applicable": the links extract of 1 June 2019
  (github.com/philipnye/gias), in which all special and alternative provision
  academies are "not applicable"; phase 1: rows of 2024
  (github.com/DFE-Digital/itt-mentor-services, spec/fixtures/gias/gias_subset.csv);
- statuses, sixth form and the flag of the trust: the same rows and those of 2026
  (github.com/DFE-Digital/sap-sector); status 4: the schools' status list in
  github.com/DFE-Digital/npq-registration;
- religious characters: the names that occur in these extracts and in
  github.com/DFE-Digital/teaching-vacancies. The codes of the joint ones are
  published nowhere that we know of, and labels are what the extract always has.

Codes are compared as numbers: "06", "6" and, after a spreadsheet, 6 are one.
"""

from __future__ import annotations

from collections.abc import Mapping

OPEN, CLOSED, CLOSING, PROPOSED = 1, 2, 3, 4
STATUSES: Mapping[int, str] = {
    OPEN: "Open",
    CLOSED: "Closed",
    CLOSING: "Open, but proposed to close",
    PROPOSED: "Proposed to open",
}
IS_OPEN = frozenset({OPEN, CLOSING})

# "Trusts (name)" also holds the foundation trusts of maintained schools, flag 1.
TRUST_FLAGS: Mapping[int, str] = {
    3: "Supported by a multi-academy trust",
    5: "Supported by a single-academy trust",
}
TRUST_TYPES = frozenset({"multi-academy trust", "single-academy trust"})

# None: no phase of its own; the type of establishment says what the school is.
PHASES: Mapping[int, tuple[str, str | None]] = {
    0: ("Not applicable", None),
    2: ("Primary", "primary"),
    3: ("Middle deemed primary", "primary"),
    4: ("Secondary", "secondary"),
    5: ("Middle deemed secondary", "secondary"),
    6: ("16 plus", "16_plus"),
    7: ("All-through", "all_through"),
}

# Types that say what a school is whatever its phase; every other type goes by phase.
PHASES_BY_TYPE: Mapping[int, tuple[str, str]] = {
    7: ("Community special school", "special"),
    8: ("Non-maintained special school", "special"),
    10: ("Other independent special school", "special"),
    12: ("Foundation special school", "special"),
    33: ("Academy special sponsor led", "special"),
    36: ("Free schools special", "special"),
    44: ("Academy special converter", "special"),
    14: ("Pupil referral unit", "alternative"),
    38: ("Free schools alternative provision", "alternative"),
    42: ("Academy alternative provision converter", "alternative"),
    43: ("Academy alternative provision sponsor led", "alternative"),
    31: ("Sixth form centres", "16_plus"),
    32: ("Special post 16 institution", "special"),
    39: ("Free schools 16 to 19", "16_plus"),
    45: ("Academy 16-19 converter", "16_plus"),
    46: ("Academy 16 to 19 sponsor led", "16_plus"),
    57: ("Academy secure 16 to 19", "16_plus"),
}

SIXTH_FORMS: Mapping[int, tuple[str, bool]] = {
    0: ("Not applicable", False),
    1: ("Has a sixth form", True),
    2: ("Does not have a sixth form", False),
}

# A church school is one of a church: joint ones are written "One/Another", and
# one church among them is enough. "Christian" by itself names no church.
CHURCHES = frozenset(
    {
        "anglican",
        "baptist",
        "catholic",
        "church of england",
        "congregational church",
        "free church",
        "greek orthodox",
        "methodist",
        "moravian",
        "plymouth brethren christian church",
        "quaker",
        "reformed baptist",
        "roman catholic",
        "seventh day adventist",
        "united reform church",
        "united reformed church",
    }
)
NO_CHURCHES = frozenset(
    {
        "buddhist",
        "charadi jewish",
        "christian",
        "christian science",
        "does not apply",
        "evangelical",
        "hindu",
        "inter- / non- denominational",
        "islam",
        "jewish",
        "multi-faith",
        "muslim",
        "non-denominational",
        "none",
        "orthodox jewish",
        "protestant",
        "sikh",
        "sunni deobandi",
    }
)


def phase_of(type_code: int, phase_code: int) -> str | None:
    """The phase of a school, as ``schools.models.Phase`` has it; None: these two do not say.

    >>> phase_of(34, 3)
    'primary'
    >>> phase_of(44, 0)
    'special'
    """
    if type_code in PHASES_BY_TYPE:
        return PHASES_BY_TYPE[type_code][1]
    return PHASES.get(phase_code, ("", None))[1]


def is_church(religious_character: str) -> bool | None:
    """Whether the register's words name a church; None for words that we do not know.

    >>> is_church("Roman Catholic/Church of England"), is_church("Christian")
    (True, False)
    """
    words = religious_character.casefold()
    named = {words} if words in NO_CHURCHES else {part.strip() for part in words.split("/")}
    if not named <= CHURCHES | NO_CHURCHES:
        return None
    return not named.isdisjoint(CHURCHES)


def listed(codes: Mapping[int, object]) -> str:
    """Codes with their names, for a sentence: "1 Open, 2 Closed"."""
    names = (name[0] if isinstance(name, tuple) else name for name in codes.values())
    return ", ".join(f"{code} {name}" for code, name in zip(codes, names, strict=True))
