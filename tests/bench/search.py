"""The search page over HTTP beside its SQL alone, with 10,000 and 100,000 records (LONG=1: 100,000 and 1,000,000).

Records are made from the series BPS publishes, times invented regions and years, the same in every run, and stored
through the code that indexes every record. Questions are made from titles (one to four words in any order, with and
without region and year), from common single words, and from words with one wrong letter. One client asks all of them
in turn, then eight clients at once; the SQL that a question causes is sent alone through one connection of its own.
Sizes are measured one after the other in one run; the ratio of their p95 is the figure that a noisy machine leaves.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Iterator
from urllib.parse import quote_plus

import psycopg

from tests.bench.http import Client
from tests.bench.place import DatabaseCpu, own_database, say, server

SERIES = [
    "{place} Dalam Angka {year}", "Statistik Daerah {place} {year}", "Profil Kemiskinan {place} {year}",
    "Indeks Pembangunan Manusia {place} {year}", "Profil Ketenagakerjaan {place} {year}",
    "Produk Domestik Regional Bruto {place} Menurut Lapangan Usaha {before}–{year}",
    "Produk Domestik Regional Bruto {place} Menurut Pengeluaran {before}–{year}",
    "Indikator Kesejahteraan Rakyat {place} {year}", "Statistik Kesejahteraan Rakyat {place} {year}",
    "Statistik Tanaman Pangan dan Hortikultura {place} {year}", "Statistik Perumahan {place} {year}",
    "Statistik Kependudukan {place} {year}", "Potensi Desa {place} {year}", "Hasil Sensus Pertanian {place} {year}",
    "Statistik Hotel dan Pariwisata {place} {year}", "Perkembangan Indeks Harga Konsumen {place} {year}",
    "Statistik Transportasi {place} {year}", "Statistik Keuangan Pemerintah {place} {year}",
    "Keadaan Angkatan Kerja {place} {year}", "Statistik Peternakan dan Perikanan {place} {year}",
]  # fmt: skip
ABSTRACT = [
    "jumlah dan persentase penduduk", "garis kemiskinan", "laju pertumbuhan ekonomi", "harapan lama sekolah",
    "luas panen dan produksi padi", "tingkat pengangguran terbuka", "rata-rata lama menginap", "nilai tukar petani",
    "pengeluaran per kapita", "angka harapan hidup", "upah buruh", "akses air minum layak", "populasi ternak sapi",
]  # fmt: skip
SYLLABLES = [
    "ba",
    "ka",
    "la",
    "ma",
    "na",
    "pa",
    "ra",
    "sa",
    "ta",
    "wa",
    "bu",
    "ku",
    "lu",
    "mu",
    "nu",
    "pu",
    "ru",
    "su",
    "tu",
    "wu",
    "bi",
    "ki",
    "li",
    "mi",
    "ni",
    "pi",
    "ri",
    "si",
    "ti",
]
YEARS = range(1996, 2026)
QUESTIONS, TYPOS, CLIENTS = 150, 50, 8
AT_ONCE = 2000


def run(*, long: bool) -> dict:
    sizes = (100_000, 1_000_000) if long else (10_000, 100_000)
    figures: dict[str, float] = {}
    with own_database() as address:
        made, p95 = 0, []
        for size in sizes:
            started = time.monotonic()
            _fill(address, made, size)
            say(f"{size} records: {size - made} made and indexed in {time.monotonic() - started:.0f} s")
            made = size
            measured = _measure(address)
            p95.append(measured["p95_ms_1"])
            figures |= {f"{name}_{size}": value for name, value in measured.items()} | measured
        return {**figures, "records": made, "p95_ratio": round(p95[1] / p95[0], 2)}


def _names() -> list[str]:
    """Five hundred places that nobody lives in."""
    chance = random.Random(11)
    found: dict[str, None] = {}
    while len(found) < 500:
        name = "".join(chance.choice(SYLLABLES) for _n in range(3)).capitalize()
        if chance.random() < 0.3:
            name += chance.choice((" Timur", " Barat", " Utara", " Selatan", " Tengah"))
        found[name] = None
    return list(found)


def _fill(address: str, since: int, until: int) -> None:
    from library.models import Publication, Region, Subject
    from library.models.catalogue import Access
    from library.search import index

    names = _names()
    if not since:
        provinces = list(Region.objects.exclude(code="0000").filter(code__endswith="00"))
        Region.objects.bulk_create(
            Region(code=f"{provinces[n % len(provinces)].code[:2]}{50 + n // len(provinces):02d}", name=name, parent=provinces[n % len(provinces)])
            for n, name in enumerate(names)
        )  # fmt: skip
    regions = {r.name: r.pk for r in Region.objects.all()}
    subjects = list(Subject.objects.order_by("code"))
    lists = index.Lists.read()

    def rows() -> Iterator[tuple]:
        for n in range(since, until):
            chance = random.Random(n)
            place, year, words = chance.choice(names), chance.choice(YEARS), chance.choice(SERIES)
            title = words.format(place=f"Kabupaten {place}", year=year, before=year - 4)
            if n >= len(names) * len(SERIES) * len(YEARS):
                title = f"{title} Jilid {n % 97}"
            publication = Publication(
                title=title, year=year - 4 if "{before}" in words else year,
                year_end=year if "{before}" in words else None, region_id=regions[place],
                subject=chance.choice(subjects), abstract=". ".join(chance.sample(ABSTRACT, 3)),
                catalogue_number=f"{1_101_001 + SERIES.index(words)}.{1100 + names.index(place)}",
                has_digital=chance.random() < 0.8,
            )  # fmt: skip
            yield (
                publication.title, publication.year, publication.year_end, publication.region_id,
                publication.subject_id, publication.abstract, publication.catalogue_number, publication.has_digital,
                index.lexemes(publication, lists),
            )  # fmt: skip

    # COPY, because a million rows one statement each would measure the loading and not the search.
    columns = "title, year, year_end, region_id, subject_id, abstract, catalogue_number, has_digital, search"
    rest = "publication_number, issn, isbn, language, producer, frequency, web_address, cover, source"
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("DROP INDEX IF EXISTS publication_search")
        db.execute(
            "ALTER TABLE library_publication "
            + ", ".join(f"ALTER {name} SET DEFAULT ''" for name in rest.split(", "))
            + f", ALTER access SET DEFAULT '{Access.PUBLIC}'"
            + ", ALTER created_at SET DEFAULT now(), ALTER updated_at SET DEFAULT now()"
        )
        with db.cursor().copy(f"COPY library_publication ({columns}) FROM STDIN") as copy:
            for row in rows():
                copy.write_row(row)
        db.execute(
            "CREATE INDEX publication_search ON library_publication USING gin (search) WITH (fastupdate=off)"
        )
        db.execute("VACUUM ANALYZE library_publication")
    index.refresh_words()
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("VACUUM ANALYZE library_word")


def _questions() -> tuple[list[str], list[str]]:
    """What is asked, and what is asked with one letter wrong; every word stands in the records."""
    chance, names = random.Random(5), _names()
    asked = [words for phrase in ABSTRACT for words in phrase.split()][:20]
    while len(asked) < QUESTIONS:
        words = [w for w in chance.choice(SERIES).split() if "{" not in w]
        some = chance.sample(words, min(len(words), chance.randint(1, 3)))
        if chance.random() < 0.5:
            some.append(chance.choice(names))
        if chance.random() < 0.4:
            some.append(str(chance.choice(YEARS)))
        chance.shuffle(some)
        asked.append(" ".join(some))
    wrong = []
    known = sorted({w for title in SERIES for w in title.split() if "{" not in w and len(w) > 6})
    while len(wrong) < TYPOS:
        word, at = chance.choice(known), chance.randrange(1, 5)
        wrong.append(
            word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if chance.random() < 0.5
            else word[:at] + word[at + 1 :]
        )
    return asked, wrong


def _measure(address: str) -> dict[str, float]:
    asked, wrong = _questions()
    database = DatabaseCpu(address)
    with server() as web:
        asyncio.run(_ask(web, asked[:20], 1))  # warm
        before = web.cpu_seconds() + database.seconds()
        one = asyncio.run(_ask(web, asked, 1))
        cpu = web.cpu_seconds() + database.seconds() - before
        eight = asyncio.run(_ask(web, asked * 2, CLIENTS))
        mended = asyncio.run(_ask(web, wrong, 1))
    before = database.seconds()
    alone = _sql(address, asked)
    sql_cpu = database.seconds() - before
    figures = {
        "p50_ms_1": _percentile([t for t, _b in one], 50),
        "p95_ms_1": _percentile([t for t, _b in one], 95),
        "p95_ms_8": _percentile([t for t, _b in eight], 95),
        "cpu_ms_per_search": round(1000 * cpu / len(one), 2),
        "sql_cpu_ms_per_search": round(1000 * sql_cpu / len(asked), 2),
        "sql_p95_ms": _percentile(alone, 95),
        "zero_hits": sum(b"Tidak ditemukan" in body for _t, body in one),
        "typos_found": sum(
            b"Menampilkan hasil untuk" in body or b'class="hit"' in body for _t, body in mended
        ),
        "typos": len(wrong),
    }
    say("  ".join(f"{name} {value}" for name, value in figures.items()))
    return figures


async def _ask(web, asked: list[str], clients: int) -> list[tuple[float, bytes]]:
    """Milliseconds and body of each answer. The clients share the list."""
    waiting, answers = iter(asked), []

    async def one() -> None:
        client = Client(web.host, web.port)
        for words in waiting:
            started = time.perf_counter()
            answer = await client.get(f"/cari/?q={quote_plus(words)}")
            if answer.status != 200:
                raise RuntimeError(f"{words}: {answer.status}")
            answers.append((1000 * (time.perf_counter() - started), answer.body))
        client.close()

    await asyncio.gather(*[one() for _client in range(clients)])
    return answers


def _sql(address: str, asked: list[str]) -> list[float]:
    """What finds and ranks, sent by itself: each statement's milliseconds."""
    from django.db import connection

    from library.search import candidates
    from library.search.query import understand

    statements: list[tuple[str, list]] = []

    def note(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        for words in asked:
            candidates.ranked(understand(words), candidates.Filters())
    connection.close()
    times = []
    # Values are put in here as Django does it: several statements go in one round trip.
    with psycopg.connect(address, autocommit=True, cursor_factory=psycopg.ClientCursor) as db:
        for sql, params in statements:
            started = time.perf_counter()
            db.execute(sql, params)
            times.append(1000 * (time.perf_counter() - started))
    return times


def _percentile(values: list[float], share: int) -> float:
    return round(statistics.quantiles(values, n=100)[share - 1], 1)
