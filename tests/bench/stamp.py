"""Stamping a copy beside qpdf opening and saving the same file, and taking a file in.

Pages of a statistical yearbook, made from numbers: a table, a paragraph and a chart each, and a photograph on every tenth.
Each size is taken in as the library does it; then, in one fresh process that has both loaded, the copy is stamped and qpdf
opens and saves the same file, by turns. `ratio_to_qpdf` is the median of the turns' ratios at the most pages. Where no qpdf
is installed its own code in the library is asked (`qpdf` says which: "binary" starts a process each time, about 10 ms).
Memory is the most that a process of its own had in use while it did nothing else.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.place import say

SIZES = (10, 200, 1_000)
HEAVY_MB = 120
LIMITED = {"seconds": 600, "megabytes": 4_000, "file_megabytes": 1_000}
PLACES = [
    "Lohia",
    "Kabawo",
    "Parigi",
    "Bone",
    "Tongkuno",
    "Watopute",
    "Napabalano",
    "Lasalepa",
    "Duruka",
    "Katobu",
    "Maligano",
    "Pasikolaga",
    "Wakorumba",
]
WORDS = [
    "produk",
    "domestik",
    "regional",
    "bruto",
    "menurut",
    "lapangan",
    "usaha",
    "atas",
    "dasar",
    "harga",
    "konstan",
    "naik",
    "dibanding",
    "tahun",
    "lalu",
]


def run(*, long: bool) -> dict[str, Any]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "pst.settings"
    import django

    django.setup()
    from library.digital.mark import draw

    turns, figures = (15 if long else 5), {"qpdf": "binary" if shutil.which("qpdf") else "library"}
    started = time.perf_counter()
    mark = draw(["Siti Nurhaliza", "siti@contoh.go.id", "BPS Kabupaten Muna", "22 November 2026"], serial="A-1",
                address="https://contoh.go.id/periksa/A-1/")  # fmt: skip
    figures["mark_ms"] = round(1_000 * (time.perf_counter() - started))
    with tempfile.TemporaryDirectory(prefix="pst-bench-") as name:
        folder = Path(name)
        (folder / "mark.pdf").write_bytes(mark)
        for pages in SIZES:
            measured = _size(folder, pages, turns)
            say("  ".join(f"{key} {value}" for key, value in measured.items()))
            figures |= {f"{key}_{pages}": value for key, value in measured.items()}
            figures |= {key: measured[key] for key in ("pages_per_s", "ratio_to_qpdf", "peak_mb")}
        figures |= _heavy(folder)
    return figures


def _size(folder: Path, pages: int, turns: int) -> dict[str, Any]:
    from library.pdf import child

    original, clean = folder / f"{pages}.pdf", folder / f"{pages}-clean.pdf"
    make(original, pages)
    limited = {**LIMITED}
    intake = [
        child.run(
            "library.pdf.examine:normalise", {"original": str(original), "clean": str(clean)}, **limited
        ),
        child.run(
            "library.pdf.texts:read",
            {"clean": str(clean), "texts": str(folder / "t"), "pages": pages},
            **limited,
        ),
    ]
    given = {"clean": str(clean), "mark": str(folder / "mark.pdf"), "out": str(folder / "out.pdf")}
    both = child.run("tests.bench.stamp:by_turns", {**given, "turns": turns}, **limited).answer
    alone = child.run("tests.bench.stamp:once", given, **limited)
    ours, theirs = statistics.median(both["stamp"]), statistics.median(both["qpdf"])
    ratios = [one / other for one, other in zip(both["stamp"], both["qpdf"], strict=True)]
    return {
        "pages_per_s": round(pages / ours),
        "ratio_to_qpdf": round(statistics.median(ratios), 2),
        "stamp_ms": round(1_000 * ours, 1),
        "qpdf_ms": round(1_000 * theirs, 1),
        "peak_mb": round(alone.peak_mb),
        "file_mb": round(clean.stat().st_size / 1e6, 2),
        "intake_s": round(sum(part.seconds for part in intake), 2),
        "intake_peak_mb": round(max(part.peak_mb for part in intake)),
    }


def _heavy(folder: Path) -> dict[str, Any]:
    from library.pdf import child

    clean = folder / "heavy.pdf"
    make(clean, 60, noise=HEAVY_MB * 1_000_000 // 60)
    given = {"clean": str(clean), "mark": str(folder / "mark.pdf"), "out": str(folder / "out.pdf")}
    ended = child.run("tests.bench.stamp:once", given, **LIMITED)
    figures = {
        "heavy_mb": round(clean.stat().st_size / 1e6),
        "heavy_peak_mb": round(ended.peak_mb),
        "heavy_stamp_s": round(ended.answer, 2),
    }
    say("  ".join(f"{key} {value}" for key, value in figures.items()))
    return figures


def once(clean: str, mark: str, out: str) -> float:
    """Seconds. In a child."""
    from library.pdf.stamp import stamp

    drawn = Path(mark).read_bytes()
    started = time.perf_counter()
    stamp(Path(clean), drawn, Path(out), info={"Serial": "A-1"})
    return time.perf_counter() - started


def by_turns(clean: str, mark: str, out: str, turns: int) -> dict[str, list[float]]:
    """Seconds of each turn, after one that does not count. In a child."""
    found: dict[str, list[float]] = {"stamp": [], "qpdf": []}
    for turn in range(turns + 1):
        took = {"stamp": once(clean, mark, out), "qpdf": _qpdf(clean, out)}
        if turn:
            for name, seconds in took.items():
                found[name].append(seconds)
    return found


def _qpdf(clean: str, out: str) -> float:
    import pikepdf

    binary, started = shutil.which("qpdf"), time.perf_counter()
    if binary:
        subprocess.run([binary, clean, out], check=True)
    else:
        pikepdf.Job(["qpdf", clean, out]).run()
    return time.perf_counter() - started


def make(path: Path, pages: int, noise: int = 0) -> None:
    """`noise`: bytes on every page that cannot be packed, as scans have them."""
    from pikepdf import Dictionary, Name, Pdf

    chance, pdf = random.Random(7), Pdf.new()
    fonts = Dictionary(
        F1=pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)),
        F2=pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name("/Type1"), BaseFont=Name("/Helvetica-Bold"))
        ),
    )
    for number in range(1, pages + 1):
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[-1].obj
        page.Resources = Dictionary(Font=fonts)
        content = _page(chance, number)
        if noise or number % 10 == 0:
            page.Resources.XObject = Dictionary(I=_picture(pdf, chance, noise))
            content += b"q 120 0 0 90 420 60 cm /I Do Q\n"
        page.Contents = pdf.make_stream(content)
    pdf.save(path, static_id=True)


def _page(chance: random.Random, number: int) -> bytes:
    lines = [f"BT /F2 14 Tf 50 790 Td (Tabel {number}. PDRB menurut kecamatan, 2019-2025) Tj ET", "0.5 w"]
    for row in range(26):
        y = 760 - 15 * row
        lines.append(f"BT /F1 8 Tf 50 {y} Td ({chance.choice(PLACES)}) Tj ET 50 {y - 4} m 545 {y - 4} l S")
        lines += [
            f"BT /F1 8 Tf {150 + 56 * column} {y} Td ({chance.randrange(10_000, 999_999):,}) Tj ET"
            for column in range(7)
        ]
    for line in range(9):
        said = " ".join(chance.choice(WORDS) for _n in range(13))
        lines.append(f"BT /F1 9 Tf 50 {340 - 13 * line} Td ({said}) Tj ET")
    for bar in range(12):
        lines.append(f"0.1 0.4 0.7 rg {60 + 28 * bar} 60 20 {chance.randrange(10, 120)} re f")
    return "\n".join(lines).encode() + b"\n"


def _picture(pdf: Any, chance: random.Random, noise: int) -> Any:
    from pikepdf import Name, Stream
    from PIL import Image

    form = {"Type": Name.XObject, "Subtype": Name.Image, "BitsPerComponent": 8}
    if noise:
        side = int((noise / 3) ** 0.5)
        return Stream(
            pdf, chance.randbytes(3 * side * side), Width=side, Height=side, ColorSpace=Name.DeviceRGB, **form
        )
    out = io.BytesIO()
    Image.effect_noise((240, 180), chance.randrange(20, 90)).save(out, "JPEG", quality=70)
    return Stream(
        pdf, out.getvalue(), Width=240, Height=180, ColorSpace=Name.DeviceGray, Filter=Name.DCTDecode, **form
    )
