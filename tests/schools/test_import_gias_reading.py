"""The register's files are read as they come, and what is wrong in them is named."""

import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from schools.models import Phase
from schools.register import codes
from schools.register.extract import LONGEST_NAME, NEEDED, read_extract
from schools.register.files import BadRegister, encoding_of
from schools.register.links import read_links

from .register_files import COLUMNS, NORTH, as_csv, closed, group_links, row, school_links, written

REAL = Path(settings.BASE_DIR) / "fixtures" / "register"


def case(name, *values):
    return pytest.param(*values, id=name)


def problems(path, group=NORTH, urns=()):
    with pytest.raises(BadRegister) as said:
        read_extract(path, group, urns)
    return said.value.problems


# real files


@pytest.mark.parametrize(
    ("file", "group", "rows", "members"),
    [
        case("135 columns, by UID", "establishments_2026.csv", "5143", 52, 33),
        case("by name in any case", "establishments_2026.csv", "Partnership Learning", 52, 10),
        case("140 columns", "establishments_2024.csv", "THE FIRST FEDERATION TRUST", 8, 1),
        case("after a spreadsheet", "establishments_2025.csv", "5488", 3, 1),
        case("not only ASCII", "establishments_2026.csv", "areté learning trust", 52, 2),
    ],
)
def test_a_real_extract_of_either_generation_is_read(file, group, rows, members):
    extract = read_extract(REAL / file, group, ())

    assert (extract.rows, len(extract.members)) == (rows, members)


def test_a_real_school_is_understood():
    [school] = read_extract(REAL / "establishments_2025.csv", "5488", ()).members

    assert (school.urn, school.laestab, school.type_code) == ("143034", "8453090", "34")
    assert school.name == "St Paul's Church of England Academy"
    assert (school.phase, school.low_age, school.high_age) == (Phase.PRIMARY, 2, 11)
    assert (school.is_church, school.has_sixth_form, school.pupils) == (True, False, 661)
    assert school.opened == date(2016, 8, 1)


def test_every_open_school_of_the_real_extracts_is_understood():
    members = [
        member
        for uid in ("5143", "5485", "2408", "5622")
        for member in read_extract(REAL / "establishments_2026.csv", uid, ()).members
    ]

    assert len(members) == 52
    assert {member.phase for member in members} == {"primary", "secondary", "all_through"}
    assert sum(member.is_church is True for member in members) == 5
    assert [m.name for m in members if m.is_church is None] == ["The Albion Academy"]


def test_the_real_foundation_trust_of_a_maintained_school_is_no_academy_trust():
    [said] = problems(REAL / "establishments_2024.csv", "Tame Valley Co-Operative Learning Trust")

    assert "is no academy trust: TrustSchoolFlag (code) of its schools is 1" in said


def test_real_group_links_say_when_a_school_joined_its_trust_not_its_sponsor():
    links = read_links([REAL / "group_links_2019.csv"], {"135296", "145106"})

    assert links.joined == {
        ("135296", "5143"): date(2007, 9, 1),
        ("145106", "5485"): date(2019, 1, 1),
    }
    assert links.predecessors is None


def test_real_links_of_schools_say_what_came_before():
    asked = {"143034", "142958", "100006", "100016", "100050"}

    links = read_links([REAL / "links_2025.csv"], asked)

    assert links.predecessors == {
        "143034": [("114533", "predecessor")],
        "142958": [("111910", "predecessor"), ("141323", "predecessor")],
        "100006": [("134643", "predecessor - merged")],
    }


# codes


@pytest.mark.parametrize(
    ("kind", "phase", "is_a"),
    [
        case("primary", 34, 2, Phase.PRIMARY),
        case("middle deemed primary", 34, 3, Phase.PRIMARY),
        case("secondary", 28, 4, Phase.SECONDARY),
        case("middle deemed secondary", 34, 5, Phase.SECONDARY),
        case("16 plus", 34, 6, Phase.SIXTEEN_PLUS),
        case("all-through", 35, 7, Phase.ALL_THROUGH),
        case("technical college", 40, 4, Phase.SECONDARY),
        case("special sponsor led", 33, 0, Phase.SPECIAL),
        case("special free school", 36, 0, Phase.SPECIAL),
        case("special converter", 44, 0, Phase.SPECIAL),
        case("special whatever its phase", 44, 7, Phase.SPECIAL),
        case("alternative free school", 38, 0, Phase.ALTERNATIVE),
        case("alternative converter", 42, 0, Phase.ALTERNATIVE),
        case("alternative sponsor led", 43, 0, Phase.ALTERNATIVE),
        case("16 to 19 academy", 45, 0, Phase.SIXTEEN_PLUS),
        case("16 to 19 free school", 39, 6, Phase.SIXTEEN_PLUS),
        case("no phase, and no type that says more", 34, 0, None),
        case("nursery", 15, 1, None),
    ],
)
def test_type_and_phase_of_the_register_are_one_phase_here(kind, phase, is_a):
    assert codes.phase_of(kind, phase) == is_a


def test_every_phase_of_the_table_is_one_that_we_know():
    named = [phase for _, phase in (*codes.PHASES.values(), *codes.PHASES_BY_TYPE.values())]

    assert {phase for phase in named if phase} == set(Phase.values) - {Phase.ALL}


@pytest.mark.parametrize(
    ("character", "church"),
    [
        case("Church of England", "Church of England", True),
        case("Roman Catholic", "Roman Catholic", True),
        case("Catholic", "Catholic", True),
        case("Methodist", "Methodist", True),
        case("joint", "Roman Catholic/Church of England", True),
        case("joint, one of them no church", "Church of England/Christian", True),
        case("other case", "CHURCH OF ENGLAND", True),
        case("does not apply", "Does not apply", False),
        case("none", "None", False),
        case("Christian names no church", "Christian", False),
        case("joint without a church", "Christian/non-denominational", False),
        case("a name with a stroke", "Inter- / non- denominational", False),
        case("another faith", "Muslim", False),
        case("unknown", "Jedi", None),
        case("half unknown", "Church of England/Jedi", None),
    ],
)
def test_a_church_school_is_one_of_a_church(character, church):
    assert codes.is_church(character) is church


@pytest.mark.parametrize("text", ["06", "6", "006"])
def test_a_code_means_the_same_without_its_nought(tmp_path, text):
    [school] = read_extract(written(tmp_path, row(phase=text)), NORTH, ()).members

    assert school.phase == Phase.SIXTEEN_PLUS


def test_what_the_register_leaves_open_is_left_open(tmp_path):
    blank = row(low="", high="", sixth_form="", character="", pupils="", opened="01-01-1900")

    [school] = read_extract(written(tmp_path, blank), NORTH, ()).members

    assert (school.low_age, school.high_age, school.pupils) == (None, None, None)
    assert (school.is_church, school.has_sixth_form, school.opened) == (None, None, None)


# how it is written


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_each_encoding_is_told_by_itself(tmp_path, encoding):
    path = written(tmp_path, row(name="St Bède’s Primary School"), encoding=encoding)

    assert encoding_of(path) == encoding
    assert read_extract(path, NORTH, ()).members[0].name == "St Bède’s Primary School"


@given(st.permutations(COLUMNS))
def test_the_order_of_the_columns_does_not_matter(tmp_path_factory, columns):
    path = written(tmp_path_factory.mktemp("order"), row(), columns=[*columns, "Unknown"])

    assert (
        read_extract(path, NORTH, ()).members
        == read_extract(written(path.parent, row(), name="usual.csv"), NORTH, ()).members
    )


@pytest.mark.parametrize("column", ["OpenDate", "CloseDate", "NumberOfPupils"])
def test_a_column_that_is_not_there_says_nothing(tmp_path, column):
    columns = [each for each in COLUMNS if each != column]

    assert len(read_extract(written(tmp_path, row(), columns=columns), NORTH, ()).members) == 1


@pytest.mark.parametrize("column", NEEDED)
def test_a_column_that_is_needed_is_missed(tmp_path, column):
    columns = [each for each in COLUMNS if each != column]

    [said] = problems(written(tmp_path, row(), columns=columns))

    assert said == f"edubasealldata20261122.csv, line 1: the columns {column} are missing; " + (
        "they are needed."
    )


GOOD = as_csv([row()])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        case("empty", b"", "bad.csv, line 1: this is no such file of the register"),
        case("another file", b"a,b\r\n1,2\r\n", "none of the columns URN, LA (code)"),
        case("no rows", GOOD.split("\r\n")[0].encode(), "there is no open school of “17001”."),
        case("a zip", b"PK\x03\x04rest", "bad.csv: this is a zip archive or a workbook"),
        case("UTF-16", GOOD.encode("utf-16"), "bad.csv: this is UTF-16; save it as “CSV UTF-8”."),
        case("no text", GOOD.encode() + b"\0\0", "bad.csv: this is no text file; CSV is allowed."),
        case(
            "short row",
            GOOD.encode() + b'150002,"380"\r\n',
            "bad.csv, line 3: this row has 2 cells; 17 are needed.",
        ),
        case(
            "long row",
            GOOD.replace(",210\r", ",210,9\r").encode() + GOOD.split("\r\n")[1].encode(),
            "bad.csv, line 2: this row has 18 cells; 17 are needed.",
        ),
        case(
            "a quote never closed",
            GOOD.encode() + b'150002,"380,2001',
            "bad.csv, line 3: this is not CSV as the register writes it",
        ),
        case(
            "a column twice",
            GOOD.replace("NumberOfPupils", "URN").encode(),
            "bad.csv, line 1, URN: this column is there twice.",
        ),
        case("semicolons", GOOD.replace(",", ";").encode(), "this is no such file of the register"),
    ],
)
def test_a_broken_file_is_refused_by_line(tmp_path, content, said):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)

    assert any(said in sentence for sentence in problems(path))


def test_a_blank_line_is_nothing(tmp_path):
    path = tmp_path / "blank.csv"
    path.write_bytes(GOOD.encode() + b"\r\n")

    assert read_extract(path, NORTH, ()).rows == 1


LOST = "download the file again"


@pytest.mark.parametrize(
    ("changed", "column", "said"),
    [
        case("URN in powers of ten", {"urn": "1.5E+05"}, "URN", "“1.5E+05” is no URN; six digits"),
        case("URN as formula", {"urn": '="150001"'}, "URN", "is no URN; six digits are allowed."),
        case("name as formula", {"name": "=1+1"}, "EstablishmentName", "“=1+1” begins like a form"),
        case("name lost", {"name": ""}, "EstablishmentName", "“” is no name; words are allowed."),
        case("too long", {"name": "A" * 120}, "EstablishmentName", f"{LONGEST_NAME} characters"),
        case("control character", {"name": "A\x1b[2J"}, "EstablishmentName", LOST),
        case("unknown status", {"status": "9"}, "EstablishmentStatus (code)", "1 Open, 2 Closed"),
        case("unknown phase", {"phase": "1"}, "PhaseOfEducation (code)", "4 Secondary"),
        case("no phase", {"phase": "0"}, "PhaseOfEducation (code)", "44 Academy special converter"),
        case("type in words", {"kind": "Academy"}, "TypeOfEstablishment (code)", "two digits"),
        case("age in words", {"low": "four"}, "StatutoryLowAge", "“four” is no whole number; 0 to"),
        case("age below nought", {"low": "-4"}, "StatutoryLowAge", "“-4” is no whole number"),
        case("too old", {"high": "100"}, "StatutoryHighAge", "0 to 99 is allowed"),
        case("ages turned round", {"low": "16"}, "StatutoryLowAge", "not below StatutoryHighAge"),
        case("sixth form", {"sixth_form": "yes"}, "OfficialSixthForm (code)", "1 Has a sixth form"),
        case("character", {"character": "Jedi"}, "ReligiousCharacter (name)", "roman catholic"),
        case("half a pupil", {"pupils": "210.5"}, "NumberOfPupils", "0 to 99,999 is allowed"),
        case("American day", {"opened": "09/31/2019"}, "OpenDate", "a day like 31-08-2026"),
        case("no such day", {"opened": "31-02-2019"}, "OpenDate", "“31-02-2019” is no day"),
        case("number of a school", {"number": "20010"}, "EstablishmentNumber", "no DfE number"),
    ],
)
def test_a_cell_that_cannot_be_is_named_with_what_is_allowed(tmp_path, changed, column, said):
    [sentence] = problems(written(tmp_path, row("150002", name="Good"), row(**changed)))

    assert sentence.startswith(f"edubasealldata20261122.csv, line 3, {column}: “")
    assert said in sentence


def test_a_character_that_was_lost_on_the_way_is_named(tmp_path):
    lost = row(name="St B\N{REPLACEMENT CHARACTER}de's")

    [said] = problems(written(tmp_path, lost, encoding="utf-8"))

    assert "line 2, EstablishmentName" in said
    assert LOST in said


def test_a_byte_of_no_encoding_is_named_where_it_is_used(tmp_path):
    path = tmp_path / "bytes.csv"
    path.write_bytes(GOOD.encode().replace(b"Ashdale", b"Ash\x81\xe9dale"))

    [said] = problems(path)

    assert "line 2, EstablishmentName" in said


def test_mistakes_of_other_schools_are_none_of_ours(tmp_path):
    theirs = row("bad", low="x", status="?", opened="y", uid="17002", trust="SOUTH", name="=1")

    assert len(read_extract(written(tmp_path, theirs, row()), NORTH, ()).members) == 1


def test_a_school_that_is_there_twice_is_named_with_both_lines(tmp_path):
    [said] = problems(written(tmp_path, row(), row()))

    assert said == (
        "edubasealldata20261122.csv, line 3, URN: “150001” is there twice, on line 2 too."
    )


def test_all_problems_are_named_at_once_and_the_fifty_first_is_counted(tmp_path):
    rows = [row(f"{150_000 + n}", low="x", high="y") for n in range(30)]

    said = problems(written(tmp_path, *rows))

    assert len(said) == 51
    assert said[-1] == "edubasealldata20261122.csv: and 10 more like these."


# which trust is meant


def test_two_trusts_of_one_name_are_told_apart_by_uid(tmp_path):
    path = written(tmp_path, row(), row("150002", uid="17009"))

    [said] = problems(path, "North Learning Trust")

    assert said == (
        "edubasealldata20261122.csv: 2 trusts are called “North Learning Trust”. "
        "Give the UID of one: 17001, 17009."
    )
    assert [m.urn for m in read_extract(path, "17009", ()).members] == ["150002"]


def test_half_a_name_is_not_enough_and_the_whole_one_is_suggested(tmp_path):
    [said] = problems(written(tmp_path, row()), "north learning")

    assert said.endswith("Near it: NORTH LEARNING TRUST (UID 17001).")


@pytest.mark.parametrize(
    ("status", "members"),
    [
        case("open", "1", 1),
        case("closed", "2", 0),
        case("open, but proposed to close", "3", 1),
        case("proposed to open", "4", 0),
    ],
)
def test_open_schools_belong_also_those_that_are_to_close(tmp_path, status, members):
    path = written(tmp_path, row("150009", name="Always open"), row(status=status))

    extract = read_extract(path, NORTH, ())

    assert len(extract.members) == members + 1
    assert extract.proposed == (["Ashdale Primary School (150001)"] if status == "4" else [])


def test_what_became_of_our_other_schools_is_kept(tmp_path):
    gone = closed("150002", number="2002")

    extract = read_extract(written(tmp_path, row(), gone), NORTH, {"150002"})

    assert (extract.elsewhere["150002"].status, extract.elsewhere["150002"].closed) == (
        codes.CLOSED,
        date(2025, 8, 31),
    )
    assert extract.closed == {"3802002": [("150002", date(2025, 8, 31))]}


# links


@pytest.mark.parametrize(
    ("make", "said"),
    [
        case(
            "no links",
            lambda folder: written(folder, row(), name="x.csv"),
            "x.csv, line 1: this is no file of links: group links have URN, Linked UID",
        ),
        case(
            "no day",
            lambda folder: group_links(
                folder, ("150001", NORTH, "Multi-academy trust", "1st May 2020")
            ),
            "grouplinks.csv, line 2, Joined date: “1st May 2020” is no day",
        ),
        case(
            "no URN",
            lambda folder: school_links(folder, ("150001", "15", "Predecessor")),
            "links.csv, line 2, LinkURN: “15” is no URN; six digits are allowed.",
        ),
    ],
)
def test_links_that_cannot_be_are_named(tmp_path, make, said):
    with pytest.raises(BadRegister) as refused:
        read_links([make(tmp_path)], {"150001"})

    assert said in refused.value.problems[0]


# the whole register


def test_a_large_file_is_read_row_by_row(tmp_path):
    """20,000 schools and wide cells, 40 MB: never more than a small part in memory."""
    path = tmp_path / "large.csv"
    header, ours = as_csv([row()], [*COLUMNS, "Street"]).rstrip().split("\r\n")
    wide = "x" * 2000
    with path.open("w", newline="") as file:
        file.write(f"{header}\r\n")
        for number in range(20_000):
            theirs = ours.replace("150001", f"{100_000 + number}").replace(NORTH, "17002")
            file.write(f"{theirs.replace('NORTH', 'SOUTH')}{wide}\r\n")
        file.write(f"{ours}\r\n")

    tracemalloc.start()
    extract = read_extract(path, NORTH, ())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (extract.rows, len(extract.members)) == (20_001, 1)
    assert path.stat().st_size > 40_000_000
    assert most < 8_000_000
