"""Pictures that people upload: looked at by content, and drawn anew, so that nothing but pixels is kept."""

from __future__ import annotations

import secrets
import threading
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
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


def redrawn(upload: UploadedFile) -> ContentFile:
    """The uploaded picture as a new file of the same format with a random name, at most 1920×1080.

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
                picture.draft("RGB", SHOWN)  # decoded no larger than needed
            elif width * height > MOST_PIXELS:
                raise ValidationError(
                    _(
                        "Gambar ini %(width)d × %(height)d piksel, terlalu banyak untuk PNG atau WebP. Simpan sebagai JPEG, atau perkecil."
                    )
                    % {"width": width, "height": height}
                )
            with _decoding:
                pixels = _pixels(picture)
    except ValidationError:
        raise
    except Exception as broken:  # Pillow's decoders raise whatever a damaged file makes them stumble over
        raise ValidationError(
            _("Berkas ini bukan gambar PNG, JPEG, atau WebP yang dapat dibaca.")
        ) from broken
    content = BytesIO()
    pixels.save(content, format_, **({} if format_ == "PNG" else {"quality": 88}))
    return ContentFile(content.getvalue(), name=secrets.token_hex(16) + FORMATS[format_][0])


def _pixels(picture: Image.Image) -> Image.Image:
    """Upright, no larger than a TV shows, in a new picture: no camera data, no profile, no comment, one frame."""
    upright = ImageOps.exif_transpose(picture)
    see_through = picture.format not in ("JPEG", "MPO") and (
        "A" in upright.getbands() or "transparency" in upright.info
    )
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.thumbnail(SHOWN)
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean
