"""PDFs that the tests of drawing make, and looking at what was drawn."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
from PIL import Image
from weasyprint import HTML

from library.pdf import drawing, page_words
from library.pdf.documents import opened_page

STYLE = "@page { size: A4; margin: 2cm } body { font: 12pt 'DejaVu Sans' }"
TEXT = (
    "<h1>Kabupaten Kolaka Timur</h1><p>Jumlah penduduk miskin, café dan ekonomi.</p><p>Garis kemiskinan</p>"
)


CASES = {
    "plain": {},
    "rotated 90": {"Rotate": 90},
    "rotated 180": {"Rotate": 180},
    "rotated 270": {"Rotate": 270},
    "cropped": {"CropBox": [40, 600, 400, 820]},
    "cropped and rotated": {"CropBox": [40, 600, 400, 820], "Rotate": 90},
    "not from nought": {"MediaBox": [-100, -50, 595, 900]},
    "user unit": {"UserUnit": 2.5},
}


def write(path: Path, html: str = TEXT, style: str = STYLE) -> str:
    HTML(string=f"<html lang=id><style>{style}</style>{html}</html>").write_pdf(path)
    return str(path)


def change(path: str, **entries) -> str:
    """The page's own entries: Rotate, CropBox, MediaBox, UserUnit."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for name, value in entries.items():
            pdf.pages[0][f"/{name}"] = pikepdf.Array(value) if isinstance(value, list) else value
        pdf.save(path)
    return path


def raw_page(path: Path, content: bytes, box: tuple = (0, 0, 595, 842), **entries) -> str:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(box[2], box[3]))
        pdf.pages[0].Contents = pdf.make_stream(content)
        pdf.save(path)
    return change(str(path), **entries) if entries else str(path)


def picture(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "WEBP"
    return image.convert("RGB")


def unmarked(path: str, width: int, page: int = 1) -> Image.Image:
    with opened_page(path, page) as source:
        return drawing._drawn(source, width)


def pixels(image: Image.Image, box: dict) -> tuple[int, int, int, int]:
    left, top = box["x"] * image.width, box["y"] * image.height
    return round(left), round(top), round(left + box["w"] * image.width), round(top + box["h"] * image.height)


def page_text(path: str, page: int) -> list[dict]:
    """The lines that words are looked for in, with their boxes in fractions from top left, in the order of reading."""
    with opened_page(path, page) as source:
        found = ((line, page_words._box(source, line)) for line in page_words._lines(source))
        return [{"text": page_words._joined(line), **box} for line, box in found if box]
