"""One publication as other software reads it: APA text, BibTeX, RIS, Dublin Core, schema.org, citation tags."""

from __future__ import annotations

import re
import unicodedata

from library.models import Publication

BUREAU = "Badan Pusat Statistik"
ISO_639_2 = {"id": ["ind"], "en": ["eng"], "id-en": ["ind", "eng"], "other": ["und"]}
# What a control character would break in every one of these formats.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
SPECIAL |= {c: f"\\{c}" for c in "&%$#_"}


def plain(text: str) -> str:
    """On one line, without what no format may hold."""
    return " ".join(CONTROL.sub("", text).split())


def author(publication: Publication) -> str:
    return plain(publication.producer) or BUREAU


def years(publication: Publication) -> str:
    """The year it came out: of "2020–2024" the last."""
    if publication.released_on:
        return str(publication.released_on.year)
    return str(publication.year_end or publication.year or "")


def number(publication: Publication) -> str:
    return publication.isbn or publication.issn


def apa(publication: Publication, address: str) -> str:
    """APA, 7th edition: a report whose publisher is its author. "t.t.": no year is known."""
    series = f" (No. {publication.publication_number})" if publication.publication_number else ""
    return f"{author(publication)}. ({years(publication) or 't.t.'}). {plain(publication.title)}{series}. {address}"


def bibtex(publication: Publication, address: str) -> str:
    """The key says office, year and first word, and is unique by the record's number."""
    first = (
        re.sub(r"[^a-z]", "", _ascii(publication.title.split()[0].lower()))
        if publication.title.split()
        else ""
    )
    fields = {
        "author": "{" + _tex(author(publication)) + "}",
        "title": "{" + _tex(plain(publication.title)) + "}",
        "institution": _tex(author(publication)),
        "year": years(publication),
        "number": _tex(plain(publication.publication_number)),
        "isbn": publication.isbn,
        "issn": publication.issn,
        "language": ISO_639_2[publication.language][0],
        "url": address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@techreport{{bps{years(publication)}{first}{publication.pk},", *lines, "}", ""])


def _tex(text: str) -> str:
    return "".join(SPECIAL.get(c, c) for c in text)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def ris(publication: Publication, address: str) -> str:
    """Lines end in CRLF, as the format demands."""
    tags: list[tuple[str, str]] = [
        ("TY", "RPRT"),
        ("AU", author(publication)),
        ("TI", plain(publication.title)),
        ("T3", plain(publication.series.title) if publication.series else ""),
        ("PY", years(publication)),
        ("PB", author(publication)),
        ("M1", publication.publication_number),
        ("SN", number(publication)),
        ("SP", str(publication.pages or "")),
        ("KW", publication.subject.name if publication.subject else ""),
        ("KW", publication.region.name if publication.region else ""),
        ("AB", plain(publication.abstract)),
        ("LA", ISO_639_2[publication.language][0]),
        ("UR", address),
    ]
    return "".join(f"{tag}  - {plain(value)}\r\n" for tag, value in tags if value) + "ER  - \r\n"


def dublin_core(publication: Publication, address: str) -> list[tuple[str, str]]:
    """The fifteen elements (ISO 15836), as far as they are known; an element may come again."""
    rows: list[tuple[str, str]] = [
        ("title", plain(publication.title)),
        ("creator", author(publication)),
        ("publisher", author(publication)),
        ("subject", publication.subject.name if publication.subject else ""),
        ("coverage", publication.region.name if publication.region else ""),
        ("coverage", _covered(publication)),
        ("description", plain(publication.abstract)),
        ("date", publication.released_on.isoformat() if publication.released_on else years(publication)),
        ("type", "Text"),
        ("identifier", address),
        ("identifier", f"urn:isbn:{publication.isbn.replace('-', '')}" if publication.isbn else ""),
        ("identifier", f"urn:issn:{publication.issn}" if publication.issn else ""),
        ("identifier", publication.catalogue_number),
        ("identifier", publication.publication_number),
        ("relation", plain(publication.series.title) if publication.series else ""),
        *[("language", code) for code in ISO_639_2[publication.language]],
    ]
    return [(name, plain(value)) for name, value in rows if value]


def _covered(publication: Publication) -> str:
    if not publication.year:
        return ""
    return f"{publication.year}/{publication.year_end}" if publication.year_end else str(publication.year)


def schema_org(publication: Publication, address: str) -> list[tuple[str, str, str]]:
    """For search engines: the properties of a https://schema.org/Report as (name, type of a named thing or "", value).
    The page carries them as microdata, because a script element has no place beside our content policy."""
    languages = publication.language.split("-") if publication.language != "other" else []
    rows = [
        ("name", "", plain(publication.title)),
        ("url", "", address),
        ("author", "GovernmentOrganization", author(publication)),
        ("publisher", "GovernmentOrganization", author(publication)),
        *[("inLanguage", "", language) for language in languages],
        (
            "datePublished",
            "",
            publication.released_on.isoformat() if publication.released_on else years(publication),
        ),
        ("description", "", plain(publication.abstract)[:5000]),
        ("reportNumber", "", publication.publication_number),
        ("isbn", "", publication.isbn),
        ("issn", "", publication.issn),
        ("numberOfPages", "", str(publication.pages or "")),
        ("temporalCoverage", "", _covered(publication)),
        ("spatialCoverage", "Place", publication.region.name if publication.region else ""),
        ("about", "", publication.subject.name if publication.subject else ""),
        ("isPartOf", "CreativeWorkSeries", plain(publication.series.title) if publication.series else ""),
    ]
    return [row for row in rows if row[2]]


def tags(publication: Publication, address: str) -> list[tuple[str, str]]:
    """The meta elements that reference managers and Google Scholar read."""
    rows = [
        ("citation_title", plain(publication.title)),
        ("citation_author", author(publication)),
        ("citation_publication_date", years(publication)),
        ("citation_technical_report_institution", author(publication)),
        ("citation_technical_report_number", publication.publication_number),
        ("citation_isbn", publication.isbn),
        ("citation_issn", publication.issn),
        ("citation_language", publication.language.split("-")[0] if publication.language != "other" else ""),
        ("citation_public_url", address),
    ]
    return [row for row in rows if row[1]]
