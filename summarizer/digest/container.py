"""Arrays in one run of bytes: what is cut off or was changed is told, and nothing that stands in it is run.

magic and version, 8 bytes │ CRC-32 of all that follows, 8 │ rows of each array, 8 each │ the arrays, padded to 8
"""

import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy
from numpy.typing import NDArray

Array = NDArray[Any]
Types = Mapping[str, tuple[str, int]]  # of each array in their order: numpy's name of what is in it, and its columns

_MAGIC, _VERSION = b"stories", 1
_HEAD = struct.Struct("<7sBQ")
_UNIT = 8


def pack(arrays: Mapping[str, Array], types: Types) -> bytes:
    """The arrays as bytes; the same arrays give the same bytes."""
    rows = struct.pack(f"<{len(types)}Q", *(len(arrays[name]) for name in types))
    parts = [rows]
    for name, (type_, _) in types.items():
        written = numpy.ascontiguousarray(arrays[name], dtype=type_).tobytes()
        parts += [written, bytes(-len(written) % _UNIT)]
    body = b"".join(parts)
    return _HEAD.pack(_MAGIC, _VERSION, zlib.crc32(body)) + body


def unpack(data: bytes, types: Types) -> dict[str, Array]:
    """What `pack` was given, as views into `data`. Raises ValueError for anything that it cannot have made."""
    if len(data) < _HEAD.size or not data.startswith(_MAGIC):
        raise ValueError("these bytes are no stories")
    _, version, checksum = _HEAD.unpack_from(data)
    if version != _VERSION:
        raise ValueError(f"version {version} is not known")
    if zlib.crc32(memoryview(data)[_HEAD.size :]) != checksum:
        raise ValueError("they were cut off or changed")
    at = _HEAD.size + 8 * len(types)
    if len(data) < at:
        raise ValueError("they are too short")
    arrays = {}
    for rows, (name, (type_, width)) in zip(
        struct.unpack_from(f"<{len(types)}Q", data, _HEAD.size), types.items(), strict=True
    ):
        length = rows * width * numpy.dtype(type_).itemsize
        if length > len(data) - at:
            raise ValueError(f"{name} is longer than all")
        array = numpy.frombuffer(data, dtype=type_, count=rows * width, offset=at)
        arrays[name] = array if width == 1 else array.reshape(rows, width)
        at += length + -length % _UNIT
    if at != len(data):
        raise ValueError("something follows")
    return arrays
