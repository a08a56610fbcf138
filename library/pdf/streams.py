"""Streams that decode: what does not is replaced by what can be had of it, and what swells is refused."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Name, Object, Stream

from library.pdf import limits
from library.pdf.faults import Refused

LOSSLESS = {
    "/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL", "/ASCIIHexDecode", "/AHx",
    "/ASCII85Decode", "/A85",
}  # fmt: skip
END_OF_PHOTOGRAPH = b"\xff\xd9"
PIECE = 256  # bytes; what is lost where a stream breaks


def filters(stream: Stream) -> list[str]:
    given = stream.get("/Filter")
    return [str(f) for f in given] if isinstance(given, Array) else [str(given)] if given is not None else []


def check(stream: Stream, note: Callable[[str], None], most: int = limits.STREAM_BYTES) -> None:
    """Decode it, unless it is a picture in a format of pictures. Raises Refused."""
    names = filters(stream)
    if len(names) > limits.FILTERS:
        raise Refused("bomb")
    if stream.get("/Subtype") == Name.Image:
        _measure(stream)
        if names == ["/DCTDecode"]:
            _photograph(stream, note)
    if not LOSSLESS.issuperset(names) or not names:
        return
    try:
        size = len(memoryview(stream.get_stream_buffer()))
    except (pikepdf.PdfError, NotImplementedError, ValueError) as error:
        if "memory limit" in str(error):
            raise Refused("bomb") from error
        note("unreadable")
        stream.write(_salvaged(stream, names))
    else:
        if size > most:
            raise Refused("bomb")


def content(stream: Stream, note: Callable[[str], None]) -> None:
    """A page's operators. What no filter of text could have made holds none."""
    if not LOSSLESS.issuperset(filters(stream)):
        note("unreadable")
        stream.write(b"")
    check(stream, note, limits.CONTENT_BYTES)


def _photograph(stream: Stream, note: Callable[[str], None]) -> None:
    """One that was cut off is written anew as far as it goes, the rest grey, as viewers show it."""
    raw = stream.read_raw_bytes()
    if END_OF_PHOTOGRAPH in raw[-64:]:
        return
    note("unreadable")
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = True, limits.PICTURE_POINTS
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(raw), formats=["JPEG"]) as picture:
            if picture.mode in ("L", "RGB"):  # of other colours nobody knows which way round they are
                picture.save(out, "JPEG", quality=90)
    except Image.DecompressionBombError as error:
        raise Refused("bomb") from error
    except (OSError, ValueError, SyntaxError):
        return
    if out.tell():
        stream.write(out.getvalue(), filter=Name.DCTDecode)


def _measure(stream: Object) -> None:
    width, height = stream.get("/Width"), stream.get("/Height")
    if isinstance(width, int) and isinstance(height, int) and width * height > limits.PICTURE_POINTS:
        raise Refused("bomb")


def _salvaged(stream: Stream, names: list[str]) -> bytes:
    """What comes before the place where it breaks, as viewers show it."""
    if names not in (["/FlateDecode"], ["/Fl"]) or "/DecodeParms" in stream:
        return b""
    raw, got, unpack = stream.read_raw_bytes(), bytearray(), zlib.decompressobj()
    for start in range(0, len(raw), PIECE):
        try:
            got += unpack.decompress(raw[start : start + PIECE], limits.CONTENT_BYTES)
        except zlib.error:
            break
        if len(got) > limits.CONTENT_BYTES:
            raise Refused("bomb")
    return bytes(got)
