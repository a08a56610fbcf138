"""KBLI and KBJI from a file: all or nothing, each fault with its line, a second run changes nothing; found by words and codes."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from consultation import classifications
from consultation.classifications import Unreadable, read
from consultation.models import Classification

HEAD = "versi;kode;judul;uraian\n"


@pytest.fixture
def load(db, tmp_path):
    """Runs the command on a file with this text; gives what it wrote and what it complained of."""

    def run(text: str | bytes, kind="kbli", **options) -> tuple[str, str]:
        file, out, err = tmp_path / "berkas.csv", StringIO(), StringIO()
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        try:
            call_command("load_classification", str(file), kind=kind, stdout=out, stderr=err, **options)
        except CommandError as problem:
            return out.getvalue(), f"{err.getvalue()}{problem}"
        return out.getvalue(), err.getvalue()

    return run


def found(client, **asked) -> str:
    return client.get(reverse("consultation:classification"), asked).content.decode()


def hits(client, **asked) -> list[str]:
    return [row.code for row in client.get(reverse("consultation:classification"), asked).context["page"]]


def codes() -> list[str]:
    return list(Classification.objects.order_by("pk").values_list("code", flat=True))


def test_a_second_run_changes_nothing_and_another_edition_stands_beside(load):
    text = HEAD + "2020;01111;Pertanian jagung;Usaha jagung\n2020;01112;Pertanian gandum;\n"
    assert "2 new, 0 changed, 0 gone, 0 as before" in load(text)[0]
    keys = set(Classification.objects.values_list("pk", flat=True))
    assert "0 new, 0 changed, 0 gone, 2 as before" in load(text)[0]
    assert set(Classification.objects.values_list("pk", flat=True)) == keys
    assert "2 new" in load(text.replace("2020;", "2025;"))[0]
    assert Classification.objects.count() == 4
    assert "2 new" in load(text, kind="kbji")[0]


def test_what_is_new_changed_and_gone(load, client):
    load(HEAD + "2020;01111;Pertanian jagung;\n2020;01112;Pertanian gandum;\n")
    text = HEAD + "2020;01111;Pertanian jagung manis;\n2020;01113;Pertanian kedelai;\n"
    said = load(text, preview=True)[0]
    for line in (
        "+ 2020 01113 Pertanian kedelai",
        "~ 2020 01111 Pertanian jagung manis",
        "- 01112",
        "preview",
    ):
        assert line in said
    assert codes() == ["01111", "01112"]  # nothing was loaded
    load(text)
    assert sorted(codes()) == ["01111", "01113"]
    assert hits(client, q="manis") == ["01111"]
    assert hits(client, q="gandum", jenis="kbli") == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (";Pertanian;", "line 3: no code"),
        ("01112;;", "line 3: no title"),
        ("AB1;Pertanian;", "line 3: “AB1” is no code"),
        ("123456789012;Pertanian;", "is no code"),
        ("01112;" + "a" * 301 + ";", "301 letters"),
        ("01111;Pertanian lagi;", "line 3: code 01111 stands in an earlier line too"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_loaded(load, row, fault):
    _out, complaint = load(f"{HEAD}2020;01111;Pertanian jagung;\n2020;{row}\n")
    assert fault in complaint
    assert "nothing was loaded" in complaint
    assert codes() == []


def test_every_fault_of_a_file_is_told_at_once(load):
    _out, complaint = load("kode,judul\n,\nx!,y\nA,Pertanian\n" + "?,z\n" * 60)
    assert "line 3: “X!” is no code" in complaint
    assert "line 3: no version" in complaint
    assert "73 not shown" in complaint


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a,b\n1,2\n", "must name the columns"),
        (b"", "must name the columns"),
        ("kode,judul\nA,Pertanian é\n".encode("latin-1"), "not UTF-8"),
        (b"kode,judul\nA,\x00\n", "not a text file"),
        (b'kode,judul\nA,"x"y\n', "line 2"),
        (b'kode,judul\nA,"x\n', "line 2"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_what_is_no_table_is_told_in_words(content, why):
    with pytest.raises(Unreadable, match=why):
        read(content)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_as_spreadsheets_write_it(separator):
    text = f"\ufeffCode{separator} Title {separator}Version\r\na{separator}Pertanian{separator}2020\r\n\r\n"
    (row,) = read(text.encode()).rows
    assert (row.edition, row.code, row.title, row.description) == ("2020", "A", "Pertanian", "")


def test_a_description_over_several_lines_and_the_edition_of_the_command(load):
    load('kode,judul,uraian\nA,Pertanian,"satu\ndua"\n', edition="2020")
    row = Classification.objects.get()
    assert (row.edition, row.description) == ("2020", "satu dua")


def test_a_file_without_rows_leaves_what_is_there(load):
    load(HEAD + "2020;A;Pertanian;\n")
    assert "no row" in load(HEAD)[1]
    assert codes() == ["A"]
    with pytest.raises(ValueError, match="not loaded"):
        classifications.load("kbli", read(HEAD.encode()))


class TestLookUp:
    def test_by_words_and_codes(self, load, client):
        load(HEAD + "2020;01111;Contoh pertanian;Uji\n2020;01113;Contoh perumahan;Uji\n")
        for typed, code in (("petani", "01111"), ("rumah", "01113"), ("01113", "01113")):
            assert hits(client, q=typed) == [code], typed

    def test_the_demo_shows_the_uppermost_level(self, db, client):
        assert "belum dimuat" in found(client)
        assert classifications.load_demo() == 31
        assert classifications.load_demo() == 0  # nor over what an operator has loaded
        assert "Pertanian, Kehutanan dan Perikanan" in found(client)
        assert hits(client, jenis="kbli") == list("ABCDEFGHIJKLMNOPQRSTU")
        assert hits(client, jenis="kbji", page=1) == list("0123456789")
        assert hits(client, page=2) == ["U"]
        assert hits(client, q="u") == ["U"]
        assert hits(client, q="pendidikan") == ["P"]

    def test_the_demo_s_files_have_every_letter_and_digit(self):
        said = {kind: [r.code for r in read((classifications.HERE / name).read_bytes()).rows] for kind, name in classifications.DEMO}  # fmt: skip
        assert said == {"kbli": list("ABCDEFGHIJKLMNOPQRSTU"), "kbji": list("0123456789")}
