"""What stands in a file that was sent in: read once, and kept beside it for whoever asks next.

A file is looked at for each page of its preview and again when it is applied,
by whichever process answers. What was read is kept as our own file next to the
upload. It is signed, with the digest of the upload and of the code that read
it: a text that is not ours, or not of this file, or read by an older version,
is read anew. It only ever spares time; ``sweep_files`` takes away what is left.
"""

import json
import zlib
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils.crypto import constant_time_compare, salted_hmac

from . import reading
from .reading import read_file
from .table import Table

SIGNED = 64  # so long is the signature, in front of the rest
QUICK = 1  # how hard it is compressed


def tables_in(upload, data):
    """The tables of an upload, whose bytes are ``data``; BadFile if it cannot be read."""
    tables = _kept(upload)
    if tables is None:
        tables = read_file(data, upload.encoding)
        _keep(upload, tables)
    return tables


def forget_tables(upload):
    """Take away what was read: the file is applied, or goes itself."""
    upload.file.storage.delete(_name(upload))


def _name(upload):
    return f"{upload.file.name}.read"


def _kept(upload):
    try:
        with upload.file.storage.open(_name(upload)) as file:
            signature, body = file.read(SIGNED), file.read()
    except OSError:
        return None
    if not constant_time_compare(signature, _signature(upload, body)):
        return None
    return _unpacked(body)


def _keep(upload, tables):
    """Where there is no room for it, the file is read again."""
    body = _packed(tables)
    storage, name = upload.file.storage, _name(upload)
    try:
        storage.delete(name)
        storage.save(name, ContentFile(_signature(upload, body) + body))
    except OSError:
        return


def _signature(upload, body):
    told = "|".join([upload.digest, upload.encoding, _readers_digest(), sha256(body).hexdigest()])
    return salted_hmac("returns.read_once", told, algorithm="sha256").hexdigest().encode()


@cache
def _readers_digest():
    """Of the code that reads files: another version may read one otherwise."""
    digest = sha256()
    for path in sorted(Path(reading.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _packed(tables):
    told = json.dumps([_told(table) for table in tables], ensure_ascii=False)
    return zlib.compress(told.encode("utf-8", "surrogatepass"), QUICK)


def _unpacked(body):
    return [_table(told) for told in json.loads(zlib.decompress(body))]


def _told(table):
    return [
        table.sheet,
        table.file,
        table.rows,
        [[*place, kind] for place, kind in table.kinds.items()],
        [[*place, words] for place, words in table.wrongs.items()],
        table.merged,
        sorted(table.hidden),
    ]


def _table(told):
    sheet, file, rows, kinds, wrongs, merged, hidden = told
    return Table(
        sheet=sheet,
        file=file,
        rows=[(number, cells) for number, cells in rows],
        kinds={(row, at): kind for row, at, kind in kinds},
        wrongs={(row, at): words for row, at, words in wrongs},
        merged=[tuple(area) for area in merged],
        hidden=set(hidden),
    )
