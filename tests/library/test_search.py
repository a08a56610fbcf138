"""Searching the catalogue: what is understood, narrowed, corrected, counted, shared."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from library.models import Abbreviation, Copy, Publication, SearchTally
from library.search import candidates, engine, highlight, index, query, tally, text, typos
from library.search.engine import Filters

SEARCH = "library:search"
pytestmark = pytest.mark.django_db


def found(client, **asked):
    return client.get(reverse(SEARCH), asked)


class TestUnderstood:
    def test_region_and_year_are_filters(self, catalogue):
        asked = query.understand("ipm belitung timur 2023")
        assert (asked.words, asked.years, [p.code for p in asked.places]) == (["ipm"], [2023], ["1906"])

    def test_the_level_said_before_a_region_is_part_of_it(self, catalogue):
        assert query.understand("kab. belitung timur ipm").words == ["ipm"]

    def test_a_year_within_the_span_of_an_edition(self, catalogue):
        first = engine.search("pdrb tarakan 2021", Filters()).page[0]
        assert first.year <= 2021 <= first.year_end

    @given(st.text(max_size=400))
    def test_nothing_that_can_be_typed_breaks_it(self, typed):
        engine.search(typed, Filters())
        engine.suggest(typed)


class TestNarrowed:
    def test_by_everything_beside_the_words(self, catalogue, client):
        page = found(client, q="kemiskinan", wilayah="6571", tahun="2023", bentuk="cetak", tersedia="on")
        assert page.context["found"].count == 1
        assert "Profil Kemiskinan Kota Tarakan 2023" in page.content.decode().replace("<mark>", "").replace(
            "</mark>", ""
        )

    def test_a_province_holds_its_regencies(self, catalogue):
        assert engine.search("", Filters(region="7400")).count == 70

    def test_what_one_office_has(self, catalogue):
        here = engine.search("kemiskinan", Filters(office=catalogue["6571"]))
        assert {p.keeper_id for p in here.page} == {catalogue["6571"].pk}

    def test_on_the_shelf_or_not(self, catalogue):
        Copy.objects.filter(publication__title__contains="Kemiskinan").update(state="out")
        assert engine.search("kemiskinan profil", Filters(available=True)).near

    def test_withdrawn_copies_are_no_copies(self, catalogue):
        Copy.objects.update(state="withdrawn")
        assert engine.search("kemiskinan", Filters(form="printed")).count == 0

    @pytest.mark.parametrize(
        "asked",
        [
            {"wilayah": "x"}, {"tahun": "99999999999999999999"}, {"hal": "-4"}, {"bentuk": "🤷"}, {"urut": "'"},
            {"kantor": "\0"}, {"q": "\0"}, {"hal": "9999"}, {"subjek": "a'b"}, {"tahun": "٢٠٢٣"}, {"q": "'" * 300},
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_in_an_address_is_not_an_error(self, catalogue, client, asked):
        assert found(client, **{"q": "kemiskinan", **asked}).status_code in (200, 400)

    def test_the_newest_or_the_alphabet_first(self, catalogue):
        newest = [p.year for p in engine.search("dalam angka", Filters(sort="newest")).page]
        assert newest == sorted(newest, reverse=True)
        titles = [p.title for p in engine.search("dalam angka", Filters(sort="title")).page]
        assert titles == sorted(titles)


class TestMany:
    @pytest.fixture
    def many(self, catalogue):
        rows = [Publication(title=f"Statistik Uji Nomor {n}", year=2000 + n % 20) for n in range(620)]
        lists = index.Lists.read()
        for row in rows:
            row.search = index.vector(row, lists)
        Publication.objects.bulk_create(rows)

    def test_counted_whole_and_the_newest_shown(self, many, client, monkeypatch):
        whole = found(client, q="uji").context["found"]
        assert (whole.count, whole.capped, whole.pages) == (620, False, 25)
        assert "620 pustaka" in found(client, q="uji").content.decode()
        last = found(client, q="uji", hal="25").content.decode()
        assert "Yang ditampilkan adalah yang terbaru" in last
        monkeypatch.setattr(candidates, "MOST_COUNTED", 600)
        assert "Lebih dari 600 pustaka" in found(client, q="uji").content.decode()

    def test_of_a_very_common_word_the_same_hits_without_counting(self, many, client, monkeypatch):
        counted = [p.pk for p in found(client, q="uji").context["found"].page]
        monkeypatch.setattr(candidates, "SURELY", 0)
        answer = found(client, q="uji")
        whole = answer.context["found"]
        assert (whole.capped, [p.pk for p in whole.page]) == (True, counted)
        assert "Lebih dari 10.000 pustaka" in answer.content.decode()
        assert (
            not found(client, q="uji", tahun="2003").context["found"].capped
        )  # few enough: counted after all

    def test_the_newest_of_many_by_their_last_year(self, many, monkeypatch):
        monkeypatch.setattr(candidates, "MOST_COUNTED", 300)
        monkeypatch.setattr(candidates, "RANKED", 50)
        rows = [Publication(title=f"Uji Rentang {n}", year=2010, year_end=2025) for n in range(3)]
        for row in rows:
            row.search = index.vector(row, index.Lists.read())
            row.save()
        page = engine.search("uji", Filters(sort="newest")).page
        assert set(page[:3]) == set(rows)
        assert {p.year for p in page[3:]} == {2019}

    def test_most_of_the_words_come_before_newer_records_with_one(self, many, client, monkeypatch):
        old = Publication(title="Statistik Uji Terumbu Karang", year=1998)
        old.search = index.vector(old, index.Lists.read())
        old.save()
        monkeypatch.setattr(candidates, "MOST_COUNTED", 600)
        near = found(client, q="statistik terumbu karang gempa").context["found"]
        assert (near.near, near.page[0]) == (True, old)


class TestCorrected:
    def test_it_says_what_it_shows_instead(self, catalogue, client):
        page = found(client, q="kemiksinan tarakan")
        assert "Menampilkan hasil untuk" in page.content.decode()
        assert page.context["found"].corrected.words == ["kemiskinan"]

    def test_a_swap_before_a_missing_letter(self, catalogue):
        assert typos.nearest("pdbr") == "pdrb"  # "pdb" is as near, and in more records

    def test_exactly_as_typed_when_asked(self, catalogue, client):
        assert found(client, q="kemiksinan", persis="1").context["found"].count == 0

    def test_nothing_known_is_like_it(self, catalogue):
        assert engine.search("xyzzyqwert", Filters()).corrected is None

    def test_some_of_the_words_are_better_than_nothing(self, catalogue, client):
        page = found(client, q="kemiskinan astronomi")
        assert page.context["found"].near
        assert "Tidak ada yang memuat semua kata" in page.content.decode()
        assert "Kemiskinan" in page.context["found"].page[0].title

    def test_words_that_only_ask_are_not_looked_for(self, catalogue):
        asked = engine.search("saya mau cari data ipm kolaka timur tahun 2023", Filters())
        assert not asked.near
        assert asked.count == engine.search("ipm kolaka timur 2023", Filters()).count == 1

    def test_an_abbreviation_of_what_stands_in_the_abstract(self, catalogue):
        assert "Ketenagakerjaan" in engine.search("tpt", Filters()).page[0].title

    @pytest.mark.parametrize(("one", "two", "far"), [
        ("pdrb", "pdbr", 1), ("ipm", "ipm", 0), ("rumah", "rumat", 1), ("rumah", "ruma", 1), ("tani", "padi", 2),
    ])  # fmt: skip
    def test_distance(self, one, two, far):
        assert typos.distance(one, two, 3) == far == typos.distance(two, one, 3)


class TestLists:
    def test_a_new_abbreviation_counts_after_the_index_is_made_anew(self, catalogue):
        Abbreviation.objects.create(short="PROKEM", meaning="profil kemiskinan")
        assert engine.search("prokem", Filters()).count == 0
        call_command("reindex_catalogue")
        assert engine.search("prokem", Filters()).count == 28


class TestNoDeadEnd:
    def test_the_question_goes_to_a_consultant(self, catalogue, client):
        page = found(client, q="harga cabai 1987").content.decode()
        assert reverse("library:ask") + "?q=harga%20cabai%201987" in page
        answer = client.get(reverse("library:ask"), {"q": "harga cabai 1987", "kantor": "7411"}, follow=True)
        assert answer.redirect_chain[0][0].startswith(reverse("consultation:ask"))
        assert ">harga cabai 1987</textarea>" in answer.content.decode()
        assert 'name="office" value="7411"' in answer.content.decode()


class TestTally:
    def test_what_was_sought_and_not_found_without_anybody(self, catalogue, client):
        for _n in range(2):
            found(client, q="Harga CABAI")
        found(client, q="kemiskinan")
        rows = set(SearchTally.objects.values_list("text", "found", "times", "office"))
        assert rows == {("harga cabai", False, 2, None), ("kemiskinan", True, 1, None)}

    @pytest.mark.parametrize("typed", [
        "081234567890", "sitti@example.test", "3201012345678901", "0812 3456 7890", "(0812) 345-6789 budi",
        "3201 0101 1990 0001", "+62 812 3456 7890", "0812/345/6789",
    ])  # fmt: skip
    def test_a_number_or_address_of_a_person_is_not_kept(self, catalogue, client, typed):
        found(client, q=typed)
        assert not SearchTally.objects.filter(text__regex="[0-9]").exists()

    @pytest.mark.parametrize(
        "typed", ["kemiskinan 2019 2020 2021", "pdrb 2020-2024", "inflasi 12 2023", "kemiskinan 2020/2021"]
    )
    def test_years_are_no_number_of_a_person(self, catalogue, client, typed):
        found(client, q=typed)
        assert "20" in SearchTally.objects.get().text

    def test_a_robot_seeks_nothing(self, catalogue, client):
        client.get(reverse("library:search"), {"q": "kemiskinan"}, headers={"User-Agent": "Googlebot/2.1"})
        assert not SearchTally.objects.exists()

    def test_a_flood_of_different_questions_is_not_kept(self, catalogue, client, monkeypatch):
        """Of each office and day so many; what is known is counted on."""
        monkeypatch.setattr(tally, "MOST_A_DAY", 3)
        for word in ("satu", "dua", "tiga", "empat", "lima", "satu"):
            found(client, q=f"gurita {word}")
            found(client, q=f"gurita {word}", kantor="7411")
        rows = SearchTally.objects.filter(office=None).order_by("pk").values_list("text", "times")
        assert list(rows) == [("gurita satu", 2), ("gurita dua", 1), ("gurita tiga", 1)]
        assert SearchTally.objects.filter(office__code="7411").count() == 3

    def test_turning_pages_counts_once(self, catalogue, client):
        for page in "123":
            found(client, q="statistik", hal=page)
        assert SearchTally.objects.get().times == 1


class TestText:
    def test_every_dash_and_accent_is_plain(self):
        assert text.tokens("Café 2020–2024 No. 1102001.7411") == [
            "cafe", "2020-2024", "2020", "2024", "no", "1102001.7411", "1102001", "7411",
        ]  # fmt: skip

    @pytest.mark.parametrize(("word", "stem"), [
        ("pertanian", "tani"), ("petani", "tani"), ("kemiskinan", "miskin"), ("perumahan", "rumah"),
        ("kependudukan", "penduduk"), ("peternakan", "ternak"),
    ])  # fmt: skip
    def test_stems(self, word, stem):
        assert text.stems(word) == (stem,)

    def test_marked_where_it_stands_with_every_form_of_the_word(self, catalogue):
        marker = highlight.Marker(query.understand("miskin tarakan"))
        marked = marker.mark("Profil Kemiskinan Kota Tarakan & <b>")
        assert marked == "Profil <mark>Kemiskinan</mark> Kota <mark>Tarakan</mark> &amp; &lt;b&gt;"


class TestPage:
    def test_a_fragment_for_htmx_and_shareable_addresses(self, catalogue, client):
        whole = found(client, q="kemiskinan").content.decode()
        part = client.get(
            reverse(SEARCH), {"q": "kemiskinan"}, headers={"HX-Request": "true"}
        ).content.decode()
        assert "<html" in whole
        assert "<html" not in part
        assert "wilayah=6571" in part

    def test_the_facts_copies_and_editions_of_one(self, catalogue, client):
        publication = Publication.objects.get(title="Profil Kemiskinan Kota Tarakan 2023")
        page = client.get(publication.get_absolute_url()).content.decode()
        for words in ("3205014.6571", "1 eksemplar", "1 di rak", "Profil Kemiskinan Kota Tarakan 2022"):
            assert words in page

    def test_another_slug_leads_to_the_address(self, catalogue, client):
        publication = Publication.objects.first()
        answer = client.get(reverse("library:publication", args=[publication.pk, "x"]))
        assert (answer.status_code, answer.url) == (301, publication.get_absolute_url())

    def test_suggestions_while_typing(self, catalogue, client):
        answer = client.get(reverse("library:suggest"), {"q": "prof kem tar"}).content.decode()
        assert "Profil Kemiskinan Kota Tarakan" in answer.replace("<mark>", "").replace("</mark>", "")
        assert 'role="option"' in answer
        assert client.get(reverse("library:suggest"), {"q": "x"}).content.strip() == b""

    def test_as_many_questions_for_many_hits_as_for_one(
        self, catalogue, client, django_assert_max_num_queries
    ):
        found(client, q="kemiskinan")  # names of regions are remembered for a minute
        for typed in ("kemiskinan", "profil kemiskinan tarakan 2023", "statistik"):
            with django_assert_max_num_queries(8):
                found(client, q=typed)
