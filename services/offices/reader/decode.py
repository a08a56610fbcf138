"""From bytes to text: sizes, signatures and encodings, before anything is interpreted."""

from __future__ import annotations

import codecs

from .facts import MAX_BYTES, MAX_TEXT, UnreadableStandard

_SIGNATURES = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "Word/Excel/ZIP",
    b"PK\x05\x06": "ZIP",
    b"\xd0\xcf\x11\xe0": "Word/Excel lama",
    b"{\\rtf": "RTF",
    b"\x89PNG": "gambar PNG",
    b"\xff\xd8\xff": "gambar JPEG",
    b"GIF8": "gambar GIF",
    b"\x1f\x8b": "GZIP",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
}
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS: dict[int, None] = {n: None for n in range(32) if chr(n) not in "\t\n\r\f\v\x1e\x1f"}


def decode(data: bytes | str) -> tuple[str, tuple[str, ...]]:
    """Return the text and the warnings that decoding it gave; refuse what is not text."""
    if len(data) > MAX_BYTES:
        raise UnreadableStandard(
            "too_large",
            f"Berkas lebih besar dari {MAX_BYTES // 1_000_000} MB. "
            "Naskah standar pelayanan biasanya hanya beberapa halaman; unggah naskahnya saja sebagai teks.",
        )
    text, warnings = (data, ()) if isinstance(data, str) else _from_bytes(bytes(data))
    text = text.removeprefix("\ufeff")
    if not text.strip("\ufeff\u200b \t\r\n\f\v\xa0"):
        raise UnreadableStandard(
            "empty", "Naskah kosong. Pilih berkas yang berisi teks standar pelayanan, atau tempelkan teksnya."
        )
    _refuse_binary_text(text)
    if sum(map(len, text.split())) > MAX_TEXT:
        raise UnreadableStandard(
            "too_large",
            f"Naskah berisi lebih dari {MAX_TEXT // 1000} ribu huruf; ini bukan satu standar pelayanan. "
            "Unggah satu standar untuk satu layanan.",
        )
    return text, warnings


def _from_bytes(data: bytes) -> tuple[str, tuple[str, ...]]:
    for signature, name in _SIGNATURES.items():
        if data.startswith(signature):
            raise _binary(f"Berkas ini berformat {name}, bukan teks biasa.")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding), ()
    if b"\x00" in data:
        raise _binary("Berkas ini bukan teks biasa.")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _from_windows(data)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableStandard(
            "encoding",
            "Pengodean huruf berkas ini rusak. Buka naskahnya, simpan ulang sebagai teks UTF-8, lalu unggah lagi.",
        ) from None


def _from_windows(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Old office software saves Windows-1252; its five unused codes fall back to Latin-1."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text, (
        "Naskah tidak disimpan sebagai UTF-8; huruf khusus dibaca sebagai Windows-1252, periksa kembali.",
    )


def _refuse_binary_text(text: str) -> None:
    """Text full of control characters, or with half a character in it, is no document."""
    if "\x00" in text or len(text) - len(text.translate(_CONTROLS)) > max(8, len(text) // 50):
        raise _binary("Berkas ini bukan teks biasa.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UnreadableStandard(
            "encoding",
            "Teks berisi huruf yang rusak. Salin ulang naskahnya sebagai teks biasa, lalu coba lagi.",
        ) from None


def _binary(what: str) -> UnreadableStandard:
    return UnreadableStandard(
        "binary", f"{what} Buka naskahnya, salin isinya, lalu tempelkan atau simpan sebagai berkas .txt."
    )


def refuse_size(number: int, limit: int) -> None:
    """Stop before a text that is far too long costs time."""
    if number > limit:
        raise UnreadableStandard(
            "too_large",
            f"Naskah berisi lebih dari {limit} baris atau butir; ini bukan satu standar pelayanan. "
            "Unggah satu standar untuk satu layanan.",
        )
