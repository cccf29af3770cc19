"""Files of the register for tests: the columns that are read, rows of invented schools."""

import csv
import io

from schools.register.extract import NEEDED

COLUMNS = [*NEEDED, "OpenDate", "CloseDate", "NumberOfPupils"]
NORTH, SOUTH = "17001", "17002"

# An open primary academy of North Learning Trust.
PRIMARY = {
    "URN": "150001",
    "LA (code)": "380",
    "EstablishmentNumber": "2001",
    "EstablishmentName": "Ashdale Primary School",
    "TypeOfEstablishment (code)": "34",
    "EstablishmentStatus (code)": "1",
    "PhaseOfEducation (code)": "2",
    "StatutoryLowAge": "4",
    "StatutoryHighAge": "11",
    "OfficialSixthForm (code)": "2",
    "ReligiousCharacter (name)": "Does not apply",
    "TrustSchoolFlag (code)": "3",
    "Trusts (code)": NORTH,
    "Trusts (name)": "NORTH LEARNING TRUST",
    "OpenDate": "01-09-2019",
    "CloseDate": "",
    "NumberOfPupils": "210",
}

SHORT = {
    "name": "EstablishmentName",
    "number": "EstablishmentNumber",
    "kind": "TypeOfEstablishment (code)",
    "status": "EstablishmentStatus (code)",
    "phase": "PhaseOfEducation (code)",
    "low": "StatutoryLowAge",
    "high": "StatutoryHighAge",
    "sixth_form": "OfficialSixthForm (code)",
    "character": "ReligiousCharacter (name)",
    "flag": "TrustSchoolFlag (code)",
    "uid": "Trusts (code)",
    "trust": "Trusts (name)",
    "opened": "OpenDate",
    "closed": "CloseDate",
    "pupils": "NumberOfPupils",
}


def row(urn="150001", **changed):
    """A row by column; ``changed`` are columns of SHORT."""
    return PRIMARY | {"URN": urn} | {SHORT[name]: text for name, text in changed.items()}


def closed(urn, on="31-08-2025", **changed):
    """A row of a school that is closed, in no trust any more."""
    return row(urn, status="2", closed=on, uid="", trust="", flag="0", **changed)


def as_csv(rows, columns=COLUMNS):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def written(folder, *rows, name="edubasealldata20261122.csv", columns=COLUMNS, encoding="cp1252"):
    path = folder / name
    path.write_bytes(as_csv(rows, columns).encode(encoding))
    return path


def group_links(folder, *links, name="grouplinks.csv"):
    """A file of group links: (URN, UID, group type, joined)."""
    columns = ["URN", "Linked UID", "Group Type", "Joined date"]
    rows = [dict(zip(columns, link, strict=True)) for link in links]
    return written(folder, *rows, name=name, columns=columns)


def school_links(folder, *links, name="links.csv"):
    """A file of links of schools: (URN, LinkURN, LinkType)."""
    columns = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]
    rows = [
        {"URN": urn, "LinkURN": other, "LinkName": "A school", "LinkType": kind}
        for urn, other, kind in links
    ]
    return written(folder, *rows, name=name, columns=columns)
