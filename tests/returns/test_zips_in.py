"""A zip of workbooks sent back: all of them on one page, all of them stored or none, no trap."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from returns.models import Line, UploadedLine
from returns.spreadsheets.files import MOST_BOOKS
from returns.spreadsheets.reading import read_file
from returns.spreadsheets.shapes import rows_of
from schools.models import Role
from tests.factories import (
    boxes_of,
    make_head,
    make_house,
    make_measure,
    make_return,
    make_user,
)
from tests.returns.test_spreadsheets import (
    TRAPS,
    bomb,
    book,
    entities,
    grid,
    line,
    refused,
    wide_awake,
    with_part,
)
from tests.returns.test_templates_out import filled_in, unzipped, zip_of
from tests.returns.test_uploads import stored


def zip_with(files, **options):
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return result.getvalue()


@pytest.fixture
def house():
    trust, term, attendance, schools = make_house(schools=3)
    make_measure(trust, "Places", kind="number", unit="places")
    for school in schools:
        make_return(school, term)
    return trust, term, attendance, schools


def sent(client, trust, data):
    page = reverse("returns:spreadsheet", args=[trust], query={"term": "2025-autumn"})
    return client.post(page, {"file": SimpleUploadedFile("back.zip", data)}, follow=True)


def filled(files, **by_measure):
    told = {measure: {"value": value} for measure, value in by_measure.items()}
    return {name: filled_in(data, 4, "Autumn", told) for name, data in files.items()}


@pytest.mark.django_db
def test_the_zip_that_was_downloaded_comes_back_filled_in_and_goes_in_at_once(house, sign_in):
    trust, _, _, schools = house
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    files = filled(unzipped(client.get(zip_of(trust))), attendance="93.5", places="40")
    assert len(files) == len(schools)

    page = sent(client, trust, zip_with({f"filled/{name}": data for name, data in files.items()}))

    assert "0 will change · 6 new · 0 the same" in page.text
    for school, name in zip(schools, sorted(files), strict=True):
        assert str(school) in page.text
        assert f"filled/{name}, Autumn" in page.text
    assert Line.everywhere.count() == 0
    client.post(page.request["PATH_INFO"], boxes_of(page))
    said = Line.everywhere.order_by("unit", "measure").values_list("unit", "value")
    assert list(said) == [(s.pk, value) for s in schools for value in ("93.5", "40")]
    places = {one.sheet for one in UploadedLine.everywhere.all()}
    assert places == {f"filled/{name}, Autumn" for name in files}


@pytest.mark.django_db
def test_one_bad_workbook_keeps_all_of_them_out_and_is_named(house, sign_in):
    trust, _, _, schools = house
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    files = filled(unzipped(client.get(zip_of(trust))), attendance="93.5")
    bad, broken, _ = sorted(files)
    files |= filled({bad: files[bad]}, attendance="lots")
    before = stored()

    page = sent(client, trust, zip_with(files))
    assert "1 problem" in page.text
    assert f"{bad}, Autumn, row 5, column E" in page.text
    files[broken] = files[broken][:2_000]
    page = sent(client, trust, zip_with(files))

    assert f"{broken}, The file" in page.text
    assert "It is damaged and cannot be read." in page.text
    assert client.post(page.request["PATH_INFO"], {"fingerprint": "x"}).status_code == 409
    assert stored() == before
    assert len(schools) == 3


@pytest.mark.django_db
def test_a_school_sends_no_workbook_of_another_one_in_a_zip(house, sign_in):
    trust, _, _, [school, other, _] = house
    manager = sign_in(make_user(Role.DATA_MANAGER, trust))
    files = filled(unzipped(manager.get(zip_of(trust))), attendance="93.5")
    head = sign_in(make_head(school))
    before = stored()

    page = sent(head, trust, zip_with(files))

    assert f"There is no unit &quot;{other.urn}&quot; for you." in page.text
    assert "Nothing can be stored until the file is mended" in page.text
    assert stored() == before


def test_what_systems_put_into_a_zip_and_folders_are_passed_over():
    data = zip_with(
        {
            "back/": b"",
            "back/one.xlsx": grid(["", "attendance", "", "", "93.5"]),
            "__MACOSX/back/._one.xlsx": b"x",
            "back/.DS_Store": b"x",
            "Thumbs.db": b"x",
        }
    )

    [row] = rows_of(read_file(data)).rows

    assert (row.sheet, row["value"], row["unit"]) == ("back/one.xlsx, Autumn", "93.5", "100001")


def test_every_workbook_is_read_for_itself_and_every_problem_is_told():
    data = zip_with(
        {
            "long.xlsx": book(line()),
            "grid.xlsx": grid(["", "attendance", "", "", "94.5"]),
            "odd.xlsx": book(line(), heads=["a", "b", "c", "d", "e", "f"]),
            "top.xlsx": grid(["", "attendance", "", "", "94.5"], urn=""),
        }
    )

    found = rows_of(read_file(data))

    assert [row["value"] for row in found.rows] == ["93.5", "94.5"]
    told = [str(fault) for fault in found.faults]
    assert any("odd.xlsx, Data" in one and "Unknown column" in one for one in told)
    assert any("top.xlsx, Autumn" in one and "URN of the school in B1" in one for one in told)


def heavy():
    """A good workbook that unpacks to six megabytes, of which nobody reads a thing."""
    return with_part(book(line()), "xl/media/picture.bin", b"x" * 6_000_000)


def nested():
    return zip_with({"inner.xlsx": zip_with({"one.xlsx": book(line())})})


def encrypted():
    """As its head says: the second byte of its flags, in both places where they stand."""
    data = bytearray(zip_with({"one.xlsx": book(line())}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def twice():
    data = zip_with({"one.xlsx": book(line()), "two.xlsx": book(line())})
    return data.replace(b"two.xlsx", b"one.xlsx")


def lying():
    """It says that a workbook of sixty kilobytes has ten bytes."""
    data = bytearray(zip_with({"one.xlsx": book(line())}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


BAD_ZIPS = {
    "one letter, sixty million times": (
        lambda: zip_with({"one.xlsx": b"x" * 60_000_000}),
        "Together the workbooks are too large",
    ),
    "a workbook above the limit of a file": (
        lambda: zip_with({"one.xlsx": b"PK\x03\x04" + b"x" * 6_000_000}),
        "larger than 5 MB",
    ),
    "many that are heavy together": (
        lambda: zip_with({f"{number}.xlsx": heavy() for number in range(9)}),
        "Together the workbooks are too large",
    ),
    "a bomb in a workbook": (lambda: zip_with({"one.xlsx": bomb()}), "too large"),
    "entities in a workbook": (
        lambda: zip_with({"one.xlsx": entities("laughs")}),
        "It defines XML entities",
    ),
    "coloured emptiness": (lambda: zip_with({"one.xlsx": wide_awake()}), "most of them empty"),
    "a zip in a zip": (nested, "It is not a workbook"),
    "too many": (
        lambda: zip_with({f"{number}.xlsx": b"x" for number in range(MOST_BOOKS + 1)}),
        f"more than {MOST_BOOKS} files",
    ),
    "a password": (encrypted, "The zip has a password"),
    "one name twice": (twice, "The zip is damaged"),
    "a wrong size": (lying, "damaged"),
    "cut off": (lambda: zip_with({"one.xlsx": book(line())})[:3_000], "damaged"),
    "something else beside it": (
        lambda: zip_with({"one.xlsx": book(line()), "notes.txt": b"Flu"}),
        "notes.txt: Only Excel workbooks (.xlsx) belong into a zip.",
    ),
    "something else by that name": (
        lambda: zip_with({"one.xlsx": b"a,b\r\n"}),
        "Only Excel workbooks (.xlsx) belong into a zip.",
    ),
    "more rows than one file may have": (
        lambda: zip_with({f"{number}.xlsx": book(*[line()] * 2_100) for number in range(10)}),
        "Together the workbooks are too large",
    ),
}


@pytest.mark.parametrize(("made", "words"), BAD_ZIPS.values(), ids=BAD_ZIPS)
def test_a_zip_that_is_a_trap_or_too_much_is_refused(made, words):
    told = refused(made())

    assert any(words in one for one in told), told


@pytest.mark.parametrize(
    "name", [name for name in TRAPS if name not in ("too large", "nothing", "a cut off zip")]
)
def test_every_trap_is_as_bad_in_a_zip(name):
    made, _ = TRAPS[name]
    good = book(line())

    told = refused(zip_with({"good.xlsx": good, "trap.xlsx": made()}))

    assert told
    assert all("trap.xlsx" in one or "Together" in one for one in told)
