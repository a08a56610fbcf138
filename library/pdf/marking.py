"""The mark in the pixels: who reads this page, in pale slanted lines over the whole of it.

Dark letters with a light rim: on white the letters show, on black the rim, on grey both. Rows stand so close that no
paragraph is without one, and each row is shifted, so that cutting a strip away leaves the others.
"""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf")
SLANT = 30  # degrees
ROWS = 3.2  # distance between two rows in heights of the letters
PART, WHOLE = 60, 160  # characters
DARK, LIGHT = (40, 52, 84), (255, 255, 255)
STRENGTH, STRENGTH_SMALL = (52, 62), (38, 46)  # of 255, dark and light; small: of thumbnails
LETTERS = 4  # drawn as one piece
SHIFT = 0.37  # each row against the last, of the length of the text
SMALL = 240  # pixels of width up to which a picture is a thumbnail

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def put_mark(image: Image.Image, mark: tuple[str, ...]) -> None:
    """Draws it over the picture. Raises ValueError if there is nothing to draw: no page goes out unmarked."""
    text = mark_text(mark)
    if not text:
        raise ValueError("A page without a mark is never drawn.")
    dark, light = STRENGTH_SMALL if image.width <= SMALL else STRENGTH
    size = max(8, round(min(image.width, 1.5 * image.height) / 46))
    pieces, step = _pieces(text, size, dark, light)
    across, down = math.cos(math.radians(SLANT)), math.sin(math.radians(SLANT))
    pitch = ROWS * size
    reach = math.hypot(image.width, image.height) / 2
    for row in range(-math.ceil(reach / pitch), math.ceil(reach / pitch) + 1):
        first = -math.ceil(reach / step + 1) * step + row * SHIFT % 1 * step
        for start in (first + n * step for n in range(math.ceil(2 * reach / step) + 2)):
            for offset, piece in pieces:
                along = start + offset
                x = round(image.width / 2 + along * across + row * pitch * down - piece.width / 2)
                y = round(image.height / 2 - along * down + row * pitch * across - piece.height / 2)
                if -piece.width < x < image.width and -piece.height < y < image.height:
                    image.paste(piece, (x, y), piece)


def mark_text(mark: tuple[str, ...]) -> str:
    """One line of it; marks of direction and control characters would turn or break it."""
    parts = ("".join(c if unicodedata.category(c)[0] != "C" else " " for c in part) for part in mark)
    kept = (_short(" ".join(part.split()), PART) for part in parts)
    return _short(" · ".join(part for part in kept if part), WHOLE)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


@lru_cache(maxsize=16)
def _pieces(text: str, size: int, dark: int, light: int) -> tuple[list[tuple[float, Image.Image]], float]:
    """The slanted text, a few letters each with the place of their middle along the row, and after how many pixels
    it comes again. In one piece its frame would be nearly all empty, and pasting that costs more than drawing the page.
    """
    font = _font(size)
    text += " " * 4
    starts = range(0, len(text), LETTERS)
    places = [font.getlength(text[:start]) for start in starts]
    pieces = []
    for start, place in zip(starts, places, strict=True):
        letters = text[start : start + LETTERS]
        if letters.strip():
            middle = place + font.getlength(letters) / 2
            pieces.append((middle, _piece(letters, font, size, dark, light)))
    return pieces, font.getlength(text)


def _piece(letters: str, font: Font, size: int, dark: int, light: int) -> Image.Image:
    rim = max(1, round(size / 14))
    frame = (math.ceil(font.getlength(letters)) + 4 * rim, math.ceil(size * 1.7))
    whole = Image.new("RGBA", frame, (*LIGHT, 0))
    for colour, stroke, strength in ((LIGHT, rim, light), (DARK, 0, dark)):
        mask = Image.new("L", frame, 0)
        place = (frame[0] / 2, frame[1] / 2)
        ImageDraw.Draw(mask).text(place, letters, fill=strength, font=font, anchor="mm", stroke_width=stroke)
        layer = Image.new("RGBA", frame, (*colour, 0))
        layer.putalpha(mask)
        whole.alpha_composite(layer)
    return whole.rotate(SLANT, Image.Resampling.BICUBIC, expand=True)


@lru_cache(maxsize=16)
def _font(size: int) -> Font:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    return ImageFont.load_default(size)
