"""What reading a zip may raise that is none, or is damaged, cut off or has a password."""

import lzma
import struct
import zipfile
import zlib

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    RuntimeError,  # a password; NotImplementedError too, for a way of packing that is not known
    EOFError,
    OSError,
    ValueError,
)
