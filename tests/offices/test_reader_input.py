"""What people really upload: wrong files, old encodings, huge or hostile text; and nothing ever gets lost."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.offices.reader import MAX_BYTES, UnreadableStandard, derive_rules, read_standard

from .reader_support import FIXTURES, SEEDS, accounted, rules, seed, seed_text, shape, words

KL = seed_text("KL")
TEXTS = [seed_text(short) for short in SEEDS] + [p.read_text() for p in sorted(FIXTURES.glob("*.txt"))]
LINES = [line for text in TEXTS for line in text.split("\n")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        ("", "empty"),
        (b" \r\n\t\n\xc2\xa0", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "binary"),
        (b"PK\x03\x04" + b"\x00" * 40, "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "binary"),
        (b"{\\rtf1 Persyaratan}", "binary"),
        (b"Persyaratan\x00\x01\x02", "binary"),
        (bytes(range(1, 9)) * 20, "binary"),
        ("Persyaratan\x00", "binary"),
        (b"\xff\xfeP\x00e", "encoding"),
        ("Persyaratan \ud800", "encoding"),
        (b"x" * (MAX_BYTES + 1), "too_large"),
        ("Kalimat biasa tentang cuaca hari ini di kota.", "not_a_standard"),
        ("Resep kue\n\nBahan\n1. Tepung\n2. Gula", "not_a_standard"),
        ("1. butir\n" * 50_000, "too_large"),
    ],
)
def test_unreadable_input_says_what_to_do(data, code):
    with pytest.raises(UnreadableStandard) as refused:
        read_standard(data, source_name="berkas.txt")
    assert refused.value.code == code
    message = str(refused.value)
    assert message.startswith("berkas.txt: ")
    assert message.endswith(".")


def test_fifty_megabytes_are_refused_at_once():
    data = b"\xff" * 50_000_000
    begin = time.process_time()
    with pytest.raises(UnreadableStandard, match="lebih besar"):
        read_standard(data)
    assert time.process_time() - begin < 1  # reading them takes many seconds


VARIANTS = {
    "windows newlines": KL.replace("\n", "\r\n").encode(),
    "old mac newlines": KL.replace("\n", "\r").encode(),
    "bom": b"\xef\xbb\xbf" + KL.encode(),
    "utf-16": KL.encode("utf-16"),
    "utf-16 big endian": b"\xfe\xff" + KL.encode("utf-16-be"),
    "non-breaking spaces": KL.replace(" ", "\xa0").encode(),
    "decomposed": unicodedata.normalize("NFD", KL).encode(),
    "zero-width": KL.replace("layanan", "la\u200byanan").encode(),
    "indented": "\n".join(f"    {line}" for line in KL.split("\n")),
    "trailing spaces": KL.replace("\n", "  \n"),
    "no markdown": KL.replace("#", "").replace("**", ""),
}


@pytest.mark.parametrize("name", [n for n in VARIANTS if n != "no markdown"])
def test_the_same_standard_in_other_bytes(name):
    parsed = read_standard(VARIANTS[name])
    assert shape(parsed) == shape(seed("KL"))
    assert rules(parsed) == rules(seed("KL"))
    assert parsed.office == seed("KL").office


def test_without_markdown_the_rules_stay():
    assert rules(read_standard(VARIANTS["no markdown"])) == rules(seed("KL"))


def test_windows_1252_is_read_with_a_warning():
    parsed = read_standard(KL.replace("KTP, SIM", "KTP – SIM").encode("cp1252"))
    assert "KTP – SIM" in parsed.items[1].text
    assert "Windows-1252" in parsed.warnings[0]


def test_bytes_unknown_to_windows_1252_fall_back_to_latin_1():
    assert read_standard(KL.encode() + b"\x81").items


def test_accents_survive_decomposition():
    text = KL.replace("Pelayanan Perpustakaan BPS (PST)", "Café statistik")
    product = next(
        i for i in read_standard(unicodedata.normalize("NFD", text)).items if i.section == "product"
    )
    assert product.text == "Café statistik"


HOSTILE = [
    "1. ", "1. x 2. y ", " a. 1) i. A. (1) ", "[", "<", "*", "** a", "~~a", "Persyaratan ", "Waktu Penyelesaian ", "biaya / ",
    "Penanganan Pengaduan, Saran, ", "a@b.c", "0812 ", "https://", "|a", "<br>a", "Badan Pusat Statistik / ", "[a](b ",
    "jika tidak ", "_ a", "a, ", "BPS Kota Aa", "#", "No. SK : ", "5 menit ", "satu ", "selesai ", "- ", "\n", " ", "\u200b",
    "Pelayanan Statistik Terpadu BPS Kota Aa ", "• a ", "kotak saran ", "(",
]  # fmt: skip


@pytest.mark.parametrize("size", [140_000, MAX_BYTES - 1000])
@pytest.mark.parametrize("bit", HOSTILE)
def test_hostile_lines_finish_quickly(bit, size):
    text = "Persyaratan\n1. Pengguna BPS datang\nProsedur\n1. layanan\n" + bit * (size // len(bit.encode()))
    begin = time.perf_counter()
    try:
        derive_rules(read_standard(text))
    except UnreadableStandard as refused:
        assert refused.code == "too_large"  # noqa: PT017
    assert (
        time.perf_counter() - begin < 40
    )  # one second on an idle machine; what grows with the square takes minutes


@pytest.mark.parametrize("text", TEXTS)
def test_every_word_of_a_standard_is_accounted_for(text):
    parsed = read_standard(text)
    assert accounted(parsed) == words(parsed.source)


def _conserved(text: str) -> None:
    try:
        parsed = read_standard(text)
    except UnreadableStandard as refused:
        assert refused.code in {"empty", "not_a_standard", "binary"}  # noqa: PT017
        return
    assert accounted(parsed) == words(parsed.source)
    assert len({rule.key for rule in derive_rules(parsed)}) == 33


relaxed = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@relaxed
@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False))
def test_shuffled_lines_lose_nothing(text, random):
    lines = text.split("\n")
    random.shuffle(lines)
    _conserved("\n".join(lines))


@relaxed
@given(
    st.sampled_from(TEXTS),
    st.lists(
        st.tuples(st.integers(0, 60), st.one_of(st.sampled_from(LINES), st.text(max_size=60))),
        min_size=1,
        max_size=8,
    ),
)
def test_inserted_lines_lose_nothing(text, inserted):
    lines = text.split("\n")
    for at, line in inserted:
        lines.insert(at, line)
    _conserved("\n".join(lines))


@relaxed
@given(
    st.lists(st.sampled_from(LINES), max_size=60),
    st.sampled_from(["\n", "\r\n", " ", " | ", "<br>", "\n\n", "\t"]),
)
def test_lines_joined_in_any_way_lose_nothing(lines, glue):
    _conserved(glue.join(lines))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        read_standard(data)
    except UnreadableStandard as refused:
        assert str(refused)  # noqa: PT017
