"""Pictures that people upload: looked at by content, and drawn anew, so that nothing but pixels is kept."""

from __future__ import annotations

import secrets
import threading
from functools import partial
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS_A_SIDE = 6000
MOST_PIXELS = 16_000_000  # decoded whole: 64 MB of memory
SHOWN = (1920, 1080)
_decoding = threading.Lock()  # one picture at a time
# Pillow's name of the format → ending of the stored file, content type.
FORMATS = {
    "PNG": (".png", "image/png"),
    "JPEG": (".jpg", "image/jpeg"),
    "WEBP": (".webp", "image/webp"),
}
CONTENT_TYPES = dict(FORMATS.values())
ACCEPTED = ",".join(CONTENT_TYPES.values())  # a file field's "accept"


def redrawn(upload: UploadedFile, *, within: tuple[int, int] = SHOWN, as_: str = "") -> ContentFile:
    """The uploaded picture as a new file with a random name, no larger than `within`, in its own format or in `as_`.

    Raises ValidationError, in words for the person who chose the file.
    """
    size = upload.size or 0
    if size > MOST_BYTES:
        raise ValidationError(_("Gambar ini %(size)s; paling besar 5 MB.") % {"size": filesizeformat(size)})
    try:
        # WeasyPrint makes Pillow patient with half a file, for the whole process; what it draws itself is whole.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        with Image.open(upload, formats=tuple(FORMATS)) as picture:
            format_, (width, height) = picture.format or "", picture.size
            if format_ == "MPO":  # a camera's JPEG with a second picture in it
                format_ = "JPEG"
            if max(width, height) > MOST_PIXELS_A_SIDE:
                raise ValidationError(
                    _("Gambar ini %(width)d × %(height)d piksel; paling besar 6000 × 6000.")
                    % {"width": width, "height": height}
                )
            if picture.format in ("JPEG", "MPO"):
                picture.draft("RGB", within)  # decoded no larger than needed
            elif width * height > MOST_PIXELS:
                raise ValidationError(
                    _(
                        "Gambar ini %(width)d × %(height)d piksel, terlalu banyak untuk PNG atau WebP. Simpan sebagai JPEG, atau perkecil."
                    )
                    % {"width": width, "height": height}
                )
            with _decoding:
                pixels = _pixels(picture, within, see_through=as_ != "JPEG")
    except ValidationError:
        raise
    except Exception as broken:  # Pillow's decoders raise whatever a damaged file makes them stumble over
        raise ValidationError(
            _("Berkas ini bukan gambar PNG, JPEG, atau WebP yang dapat dibaca.")
        ) from broken
    format_, content = as_ or format_, BytesIO()
    pixels.save(content, format_, **({} if format_ == "PNG" else {"quality": 88}))
    return ContentFile(content.getvalue(), name=secrets.token_hex(16) + FORMATS[format_][0])


def stripped(upload: File, *, within: tuple[int, int] = (3000, 3000)) -> ContentFile:
    """A picture from somebody who must not be known by it: its pixels alone, of any size that was let in. A GIF becomes a PNG.
    Raises ValidationError."""
    try:
        upload.seek(0)
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        with Image.open(upload, formats=(*FORMATS, "GIF")) as picture, _decoding:
            as_ = {"MPO": "JPEG", "GIF": "PNG"}.get(picture.format or "", picture.format or "")
            if as_ == "JPEG":
                picture.draft("RGB", within)
            elif picture.width * picture.height > MOST_PIXELS * 2:
                raise ValueError("too many pixels")
            pixels = _pixels(picture, within, see_through=True)
    except Exception as broken:
        raise ValidationError(_("Berkas ini bukan gambar yang dapat dibaca.")) from broken
    content = BytesIO()
    pixels.save(content, as_, **({} if as_ == "PNG" else {"quality": 88}))
    return ContentFile(content.getvalue(), name=f"x{FORMATS[as_][0]}")


def _pixels(picture: Image.Image, within: tuple[int, int], *, see_through: bool) -> Image.Image:
    """Upright, no larger than asked for, in a new picture: no camera data, no profile, no comment, one frame."""
    upright = ImageOps.exif_transpose(picture)
    holes = picture.format not in ("JPEG", "MPO") and (
        "A" in upright.getbands() or "transparency" in upright.info
    )
    plain = upright.convert("RGBA" if holes else "RGB")
    plain.thumbnail(within)
    clean = Image.new("RGBA" if holes and see_through else "RGB", plain.size, "white")
    clean.paste(plain, mask=plain if holes and not see_through else None)
    return clean


def response(file: Any, *, cache: str) -> FileResponse:
    """A stored picture with the type it was drawn as. Raises Http404 when the file is gone."""
    ending = f".{file.name.rpartition('.')[2]}"
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    return FileResponse(
        opened, content_type=CONTENT_TYPES.get(ending, "application/octet-stream"), headers=headers
    )


def forget(name: str | None) -> None:
    """Only when the change is certain: a file that was deleted does not come back with the transaction."""
    if name:
        transaction.on_commit(partial(default_storage.delete, name))
