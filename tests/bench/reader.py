"""The reader's pages, cold and warm, with one reader and with eight: a book of 200 pages (LONG=1: 1,000).

Tables, charts and a photograph, made anew in every run; 900 pixels wide, as on a small laptop. Cold is a page that
nobody has seen, drawn in the pool; warm comes from the cache on disk. All of it happens in a process of its own, so
that memory (resident, that process and its workers together, looked at every 20 ms) is the reader's alone.
A way to ask for a page is a function of its number: the engine by itself, then the site over HTTP, as the PST computer
reads. There a reader who is told that all are drawing asks again as soon as static/js/reader.js would; the wait is counted.
"""

from __future__ import annotations

import http.client
import io
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.place import Server, own_database, say, server

READERS = 8
CHAPTERS = 20  # their pages differ; the book repeats them
WIDTH = 900
MARK = ("Siti Rahmawati", "siti.rahmawati@contoh.go.id", "22 Nov 2026 17.20 WITA", "PST-7411-000123")

Ask = Callable[[int], bytes]


def run(*, long: bool) -> dict:
    pages = 1000 if long else 200
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.pdf"
        started = time.monotonic()
        write_book(book, pages)
        say(f"{pages} pages, {book.stat().st_size / 2**20:.1f} MB, in {time.monotonic() - started:.0f} s")
        command = [sys.executable, "-c", "from tests.bench.reader import part; part()", str(book), str(pages)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ)
        *told, last = done.stdout.splitlines()
        say("\n".join(told))
        return json.loads(last) | _over_http(book, pages, Path(folder))


def part() -> None:
    """In a process of its own: the engine, without Django."""
    from library.pdf import drawing, pool
    from library.pdf.cache import Cache

    book, pages = sys.argv[1], int(sys.argv[2])
    pool.configure(workers=2)
    with tempfile.TemporaryDirectory() as folder, _Memory() as memory:

        def engine(name: str) -> Ask:
            cache = Cache(Path(folder) / name, 2**30)
            return lambda page: cache.fetch(
                f"{page}", lambda: pool.run(drawing.page_image, book, page, WIDTH, MARK)
            )

        started = time.perf_counter()
        pool.run(drawing.page_image, book, 1, 160, MARK)
        figures = {"pages": pages, "first_ms": _ms(time.perf_counter() - started)}
        for readers in (1, READERS):
            ask, before = engine(f"{readers}"), memory.cpu_seconds()
            figures |= _told(f"cold, {readers} readers", "cold", readers, _measure(ask, pages, readers))
            figures[f"cpu_ms_per_page_{readers}"] = _ms((memory.cpu_seconds() - before) / pages)
            figures |= _told(f"warm, {readers} readers", "warm", readers, _measure(ask, pages, readers))
    figures |= {"cold_p95_ms": figures["cold_p95_ms_1"], "warm_p95_ms": figures["warm_p95_ms_1"]}
    print(json.dumps(figures | memory.figures()))


def _over_http(book: Path, pages: int, folder: Path) -> dict[str, float]:
    """The same book taken in, read through the site: rights, cache, pool and all."""
    var = folder / "var"
    os.environ["PST_VAR_DIR"] = str(var)
    figures: dict[str, float] = {}
    with own_database():
        started = time.monotonic()
        place, cookie = _softcopy(book)
        say(f"taken in in {time.monotonic() - started:.1f} s")
        with server() as web:
            for readers in (1, READERS):
                shutil.rmtree(var / "cache" / "pages", ignore_errors=True)
                for name in ("cold", "warm"):
                    site = _Site(web, place, cookie)
                    took = _measure(site.ask, pages, readers)
                    figures |= _told(f"{name} over HTTP, {readers} readers", f"http_{name}", readers, took)
                    figures[f"http_{name}_asked_again_{readers}"] = site.again
    return figures


def _softcopy(book: Path) -> tuple[str, str]:
    """Where its pages are, and the cookie of a PST computer."""
    from django.core.files import File

    from library.models import Publication
    from library.workflows import intake
    from services.accounts.devices import cookie_name
    from services.audit.actors import SYSTEM
    from tests.conftest import demo_offices, new_device

    office = demo_offices()["7411"]
    publication = Publication.objects.create(title="Buku", keeper=office)
    with book.open("rb") as file:
        digital = intake.receive(office, File(file), name="buku.pdf", by=SYSTEM, publication=publication)
    intake.check(digital.pk)
    digital.refresh_from_db()
    if digital.state != "ready":
        raise RuntimeError(f"the book was not taken in: {digital.fault}")
    _device, secret = new_device(office, "reader")
    return f"/baca/{publication.pk}/hal/", f"{cookie_name('reader')}={secret}"


class _Site:
    """Asks for pages over connections that stay open, one of each thread."""

    def __init__(self, web: Server, place: str, cookie: str) -> None:
        self.web, self.place, self.headers = web, place, {"Cookie": cookie}
        self.again = 0
        self._own = threading.local()

    def ask(self, page: int) -> bytes:
        for _time in range(200):
            if not hasattr(self._own, "line"):
                self._own.line = http.client.HTTPConnection(self.web.host, self.web.port, timeout=60)
            self._own.line.request("GET", f"{self.place}{page}-{WIDTH}.webp", headers=self.headers)
            answer = self._own.line.getresponse()
            data = answer.read()
            if answer.status == 200:
                return data
            if answer.status != 503 or not answer.headers["Retry-After"]:
                raise RuntimeError(f"page {page}: {answer.status} {data[:200]!r}")
            self.again += 1
            time.sleep(random.uniform(0.3, 0.8))
        raise RuntimeError(f"page {page} was never drawn")


def _measure(ask: Ask, pages: int, readers: int) -> list[float]:
    """Seconds of each page; the readers share the book, each reads every eighth page."""

    def read(first: int) -> list[float]:
        took = []
        for page in range(first, pages + 1, readers):
            started = time.perf_counter()
            data = ask(page)
            took.append(time.perf_counter() - started)
            if data[8:12] != b"WEBP":
                raise RuntimeError(f"page {page} is no picture")
        return took

    with ThreadPoolExecutor(readers) as threads:
        return [seconds for took in threads.map(read, range(1, readers + 1)) for seconds in took]


def _told(title: str, name: str, readers: int, took: list[float]) -> dict[str, float]:
    p50, p95 = _ms(statistics.median(took)), _ms(statistics.quantiles(took, n=20)[18])
    print(f"{title}: p50 {p50} ms, p95 {p95} ms", flush=True)
    return {f"{name}_p50_ms_{readers}": p50, f"{name}_p95_ms_{readers}": p95}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


class _Memory:
    """Looks at this process and its children until the end of the `with`."""

    def __init__(self) -> None:
        import psutil

        self._me = psutil.Process()
        self._peak = self._peak_worker = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Memory:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        import psutil

        while not self._end.wait(0.02):
            try:
                workers = [child.memory_info().rss for child in self._me.children()]
            except psutil.NoSuchProcess:
                continue
            self._peak_worker = max(self._peak_worker, *workers, 0)
            self._peak = max(self._peak, sum(workers) + self._me.memory_info().rss)

    def cpu_seconds(self) -> float:
        everyone = [self._me, *self._me.children()]
        return sum(sum(process.cpu_times()[:2]) for process in everyone)

    def figures(self) -> dict[str, int]:
        return {"peak_mb": self._peak >> 20, "peak_mb_worker": self._peak_worker >> 20}


def write_book(path: Path, pages: int) -> None:
    """Also for other benchmarks: text, a table, a chart, on each fifth page a photograph."""
    import pikepdf
    from weasyprint import HTML

    chance = random.Random(5)
    photograph = _photograph(chance)
    parts = "".join(_page(n, chance, photograph if n % 5 == 0 else "") for n in range(CHAPTERS))
    style = "@page{size:A4;margin:18mm} section{break-after:page} td,th{border:.3pt solid #999;padding:1mm 2mm} body{font:9pt sans-serif}"
    once = HTML(string=f"<html lang=id><style>{style}</style>{parts}</html>").write_pdf()
    with pikepdf.open(io.BytesIO(once)) as source, pikepdf.new() as book:
        for n in range(pages):
            book.pages.append(source.pages[n % len(source.pages)])
        book.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _page(n: int, chance: random.Random, picture: str) -> str:
    rows = "".join(
        f"<tr><td>Kecamatan {row + 1}"
        + "".join(f"<td>{chance.randrange(10**6):,}" for _column in range(6))
        + "</tr>"
        for row in range(12 if picture else 22)
    )
    bars = "".join(
        f"<rect x={12 * x} y={100 - height} width=9 height={height} fill='#1f6fb2'/>"
        for x, height in enumerate(chance.randrange(10, 100) for _bar in range(30))
    )
    text = "Jumlah penduduk miskin menurut kecamatan dan garis kemiskinan. " * 6
    return (
        f"<section><h2>Bab {n + 1}</h2><p>{text}</p><table>{rows}</table>"
        f"<svg width=400 height=110 viewBox='0 0 400 110'>{bars}</svg>{picture}</section>"
    )


def _photograph(chance: random.Random) -> str:
    """Noise over a slope: as large as a photograph of 1.4 megapixels is."""
    import base64

    from PIL import Image

    noise = Image.frombytes("RGB", (350, 250), chance.randbytes(350 * 250 * 3)).resize((1400, 1000))
    slope = Image.linear_gradient("L").resize((1400, 1000)).convert("RGB")
    data = io.BytesIO()
    Image.blend(noise, slope, 0.7).save(data, "JPEG", quality=85)
    return (
        f"<img style='width:170mm' src='data:image/jpeg;base64,{base64.b64encode(data.getvalue()).decode()}'>"
    )
