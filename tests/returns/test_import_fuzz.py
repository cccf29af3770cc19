"""Generated files: bad ones change nothing and say where; odd but good ones go in."""

import csv
import io
import random
import resource
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from returns.asked.questions import NAMES
from returns.models import Line, Upload
from returns.spreadsheets.files import COLUMNS
from returns.spreadsheets.importing import Import
from returns.spreadsheets.preview import preview_of
from returns.spreadsheets.reading import read_file
from returns.spreadsheets.shapes import rows_of
from returns.spreadsheets.uploads import checked
from schools.models import AuditRow, Memberships, Role
from schools.tenancy import inside
from tests.factories import (
    boxes_of,
    make_house,
    make_line,
    make_measure,
    make_return,
    make_term,
    make_user,
)
from tests.returns.test_uploads import row, stored

pytestmark = pytest.mark.django_db

LATEST = "2026-summer"
LONG = pytest.param(500, marks=pytest.mark.long)
REFUSED = (
    "Nothing can be stored until the file is mended",
    "Its columns have other names than ours",
)
WORDS = ["lots", "93,5", "0.93", "935", "-4", "1e5", "٣", "NaN", "inf", "9_3", "TRUE", "#REF!", "£"]


@pytest.fixture
def house():
    trust, _, attendance, schools = make_house(schools=3)
    make_measure(trust, "Share", counts="both", groups=["all", "send"])
    make_measure(trust, "Places", kind="number", unit="places")
    return trust, make_term(trust, LATEST), attendance, schools


def good_rows(schools):
    rows = []
    for school in schools:
        rows.append(row(school, "93.5", why="Flu"))
        rows.append(row(school, measure="share", numerator="187", denominator="200"))
        rows.append(row(school, measure="share", pupil_group="send", value="few"))
        rows.append(row(school, "1,204", measure="places"))
    return rows


# One rule broken in each


def no_such_unit(rows, chance):
    chance.choice(rows)["unit"] = chance.choice(["999999", "NOBODY", "1000O1", "=A1", "école"])


def no_such_measure(rows, chance):
    chance.choice(rows)["measure_code"] = chance.choice(
        ["atendance", "x" * 300, "' or 1=1", "\u202e"]
    )


def no_such_term(rows, chance):
    chance.choice(rows)["term"] = chance.choice(
        ["Winter", "2026-13-45", "12 May 2026", "32/13/2026"]
    )


def no_such_year(rows, chance):
    chance.choice(rows)["academic_year"] = chance.choice(["2025/27", "1925/26", "last", "2031/32"])


def no_such_group(rows, chance):
    chance.choice(rows)["pupil_group"] = chance.choice(["boys", "all pupils!", "<b>", "%s"])


def no_number(rows, chance):
    told = [line for line in rows if line["measure_code"] == "attendance"]
    chance.choice(told)["value"] = chance.choice(WORDS)


def counts_that_do_not_fit(rows, chance):
    told = [line for line in rows if line.get("numerator")]
    chance.choice(told)["numerator"] = chance.choice(["201", "-1", "1.5", "many", ""])


def too_long(rows, chance):
    chance.choice(rows)[chance.choice(["why", "what_next"])] = "x" * 401


def twice(rows, chance):
    rows.append(dict(chance.choice(rows)))


def a_part_not_asked(rows, chance):
    chance.choice(rows)["respondents"] = "12"


def bad_head(rows, chance):
    for line in rows:
        line["score"] = "1"


BROKEN = [
    no_such_unit,
    no_such_measure,
    no_such_term,
    no_such_year,
    no_such_group,
    no_number,
    counts_that_do_not_fit,
    too_long,
    twice,
    a_part_not_asked,
    bad_head,
]


def as_csv(rows, columns=COLUMNS, **how):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", **how)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows, columns=COLUMNS):
    book = Workbook()
    book.active.title = "Data"
    book.active.append(list(columns))
    for line in rows:
        book.active.append([line.get(column, "") or None for column in columns])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def written(rows, chance):
    columns = (*COLUMNS, "score") if "score" in rows[0] else COLUMNS
    return chance.choice([as_csv, as_xlsx])(rows, columns)


def flipped(data, chance):
    """A few bits of a good file, turned over."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def swapped(data, chance):
    """A good workbook with two of its parts exchanged, or one left out or cut off."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        names = old.namelist()
        one, two = chance.sample(names, 2)
        for name in names:
            text = old.read({one: two, two: one}.get(name, name))
            if name == one and chance.random() < 0.4:
                continue
            cut = chance.randrange(len(text)) if name == two and chance.random() < 0.4 else None
            new.writestr(name, text[:cut])
    return result.getvalue()


def generated(schools, count):
    """Bad files, the same each time: (name, bytes, whether it can be read at all)."""
    for number in range(count):
        chance = random.Random(number)
        rows = good_rows(schools)
        if number % 3:
            broken = BROKEN[number % len(BROKEN)]
            broken(rows, chance)
            yield broken.__name__, written(rows, chance), True
        elif number % 2:
            yield "flipped", flipped(written(rows, chance), chance), False
        else:
            yield "swapped", swapped(as_xlsx(rows), chance), False


@pytest.mark.parametrize("count", [100, LONG])
def test_bad_files_change_nothing_break_nothing_and_say_where(house, sign_in, count):
    trust, _, _, schools = house
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    address = reverse("returns:spreadsheet", args=[trust])
    client.get(address)
    before = stored()
    readable = named = 0
    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    for kind, data, can_be_read in generated(schools, count):
        at = time.monotonic()
        with transaction.atomic():
            page = client.post(address, {"file": SimpleUploadedFile("a.xlsx", data)}, follow=True)
            assert page.status_code in (200, 409, 422), kind
            is_refused = any(words in page.text for words in REFUSED)
            if can_be_read:
                assert is_refused, (kind, data[:400])
                readable += 1
                named += "row " in page.text and ", column " in page.text
            if is_refused:
                page = client.post(page.request["PATH_INFO"], {"fingerprint": "x"})
                assert page.status_code == 409
            Upload.everywhere.all().delete()
        assert time.monotonic() - at < 10, kind  # a guard against hanging
        assert stored() == before, kind

    assert readable >= count * 0.6
    assert named >= readable * 0.95
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began < 200 * 1024


# Odd, and good


def odd_but_good(schools):
    rows = good_rows(schools)
    turned = rows[::-1]
    columns = COLUMNS[::-1]
    text = as_csv(rows)
    extra = [{**line, "school": "Whoever", "last_figure": "94.1%"} for line in rows]
    padded = [{name: f"  {cell} " for name, cell in line.items()} for line in rows]
    loud = [{**line, "measure_code": line["measure_code"].upper()} for line in rows]
    by_code = [
        {**line, "unit": schools[number // 4].code.lower()} for number, line in enumerate(rows)
    ]
    named = [{**line, "measure_code": line["measure_code"].title()} for line in rows]
    dressed = [
        {**line, "value": f"{line['value']}%"} if line["measure_code"] == "attendance" else line
        for line in rows
    ]
    yield "as it should be", text
    yield "with a mark", b"\xef\xbb\xbf" + text
    yield "utf-16", text.decode().encode("utf-16")
    yield "rows turned round", as_csv(turned)
    yield "columns turned round", as_csv(rows, columns)
    yield "semicolons", as_csv(rows, delimiter=";")
    yield "tabs in utf-16", as_csv(rows, delimiter="\t").decode().encode("utf-16")
    yield "every cell in quotes", as_csv(rows, quoting=csv.QUOTE_ALL)
    yield "unix lines", text.replace(b"\r\n", b"\n")
    yield "old Mac lines", text.replace(b"\r\n", b"\r")
    yield "a line that names the separator", b"sep=,\r\n" + text
    yield "blank lines", text.replace(b"\r\n", b"\r\n\r\n")
    yield "commas at the end of each line", text.replace(b"\r\n", b",,,\r\n")
    yield "columns that only tell", as_csv(extra, (*COLUMNS, "school", "last_figure"))
    yield "spaces round everything", as_csv(padded)
    yield "capitals", as_csv(loud)
    yield "codes of schools", as_csv(by_code)
    yield "names of measures", as_csv(named)
    yield "signs of per cent", as_csv(dressed)
    yield "a workbook", as_xlsx(rows)
    yield "a workbook with columns turned round", as_xlsx(turned, columns)
    heads = [name.upper() for name in COLUMNS]
    yield (
        "heads in capitals",
        as_csv(rows).replace(",".join(COLUMNS).encode(), ",".join(heads).encode()),
    )


def test_files_in_odd_shapes_all_say_the_same(house):
    trust, _, _, schools = house
    manager = Memberships(make_user(Role.DATA_MANAGER, trust), trust)
    said = {}
    with inside(trust):
        for kind, data in odd_but_good(schools):
            found = rows_of(read_file(data))
            figures = Import(found.rows, memberships=manager, at=timezone.now())
            assert [str(fault) for fault in (*found.faults, *figures.faults)] == [], kind
            said[kind] = {
                (*effect.place, *effect.asked.key): effect.typed.value.rstrip("%")
                for effect in figures.effects
            }

    assert len(said) >= 20
    assert all(told == said["as it should be"] for told in said.values())
    assert len(said["as it should be"]) == 12


# What is shown is what is stored


@pytest.mark.parametrize("count", [6, pytest.param(60, marks=pytest.mark.long)])
def test_the_check_shows_just_what_the_history_says_afterwards(house, sign_in, count):
    trust, term, attendance, schools = house
    manager = make_user(Role.DATA_MANAGER, trust)
    client = sign_in(manager)
    for school in schools[:2]:
        make_line(make_return(school, term), attendance, value="95")
    for number in range(count):
        chance = random.Random(number)
        rows = chance.sample(good_rows(schools), chance.randint(1, 12))
        for line in rows:
            if line["measure_code"] == "attendance":
                line["value"] = chance.choice(["95", "94.4", "CLEAR", "n/a", "", "95"])
        data = written(rows, chance)
        last = AuditRow.everywhere.order_by("-pk").values_list("pk", flat=True).first() or 0
        page = client.post(
            reverse("returns:spreadsheet", args=[trust]),
            {"file": SimpleUploadedFile("a.csv", data)},
            follow=True,
        )
        upload = Upload.everywhere.order_by("-pk").first()
        shown = shown_by(upload, manager)
        client.post(page.request["PATH_INFO"], boxes_of(page))

        trail = AuditRow.everywhere.filter(pk__gt=last, action="typed")
        assert {one.thing_id: (one.before, one.after) for one in trail} == {
            line_of(*key): parts for key, parts in shown.items()
        }


def shown_by(upload, manager):
    """What the check shows of each line, part by part: {question: (before, after)}."""
    with inside(upload.trust):
        memberships = Memberships(manager, upload.trust)
        found, figures = checked(upload, memberships=memberships, at=timezone.now())
        shown = preview_of(found, figures)
        assert shown.stored == len(figures.changes) == len(shown.rows)
        return {
            (*effect.place, *effect.asked.key): tuple(
                {
                    name: getattr(text, name)
                    for name in NAMES
                    if getattr(effect.held, name) != getattr(effect.typed, name)
                }
                for text in (effect.held, effect.typed)
            )
            for effect in figures.changes
        }


def line_of(unit, term, measure, about, group, number):
    return Line.everywhere.get(
        return_to__unit=unit,
        return_to__term=term,
        measure=measure,
        unit=about,
        group=group,
        number=number,
    ).pk
