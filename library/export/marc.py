"""Publications as MARC21 records, for other libraries' software (UTF-8, leader position 9 "a")."""

from __future__ import annotations

from pymarc import Field, Indicators, Record, Subfield

from library.export.citation import ISO_639_2, author, plain, years
from library.models import Publication

AGENCY = "PST"
LONGEST_FIELD, MOST_FIELDS = 9_000, 7  # bytes of a text in one field, and fields of it
COUNTRY = "io "  # Indonesia in MARC's list of countries


def record(publication: Publication, address: str) -> Record:
    """A language-material monograph; what is not known is left out."""
    made = Record(force_utf8=True)
    made.leader.record_status = "n"
    made.leader.type_of_record = "a"
    made.leader.bibliographic_level = "m"
    made.leader.cataloging_form = "i"
    made.add_field(
        Field(tag="001", data=str(publication.pk)),
        Field(tag="003", data=AGENCY),
        Field(tag="005", data=publication.updated_at.strftime("%Y%m%d%H%M%S.0")),
        Field(tag="008", data=_fixed(publication)),
    )
    _add(made, "020", "  ", a=publication.isbn)
    _add(made, "022", "  ", a=publication.issn)
    _add(made, "024", "8 ", a=publication.publication_number)
    _add(made, "037", "  ", a=publication.catalogue_number, b=AGENCY if publication.catalogue_number else "")
    if len(ISO_639_2[publication.language]) > 1:
        made.add_field(_field("041", "0 ", [("a", code) for code in ISO_639_2[publication.language]]))
    _add(made, "110", "2 ", a=author(publication))
    _add(made, "245", "10", a=plain(publication.title))
    _add(made, "264", " 1", b=author(publication), c=years(publication))
    _add(made, "300", "  ", a=f"{publication.pages} halaman" if publication.pages else "")
    _add(made, "310", "  ", a=publication.get_frequency_display() if publication.frequency else "")
    _add(made, "490", "0 ", a=plain(publication.series.title) if publication.series else "")
    for piece in _pieces(plain(publication.abstract)):
        _add(made, "520", "  ", a=piece)
    _add(made, "650", " 4", a=publication.subject.name if publication.subject else "")
    _add(made, "651", " 4", a=publication.region.name if publication.region else "")
    _add(made, "856", "42", u=address)
    return made


def _fixed(publication: Publication) -> str:
    """Field 008: forty positions."""
    entered = publication.created_at.strftime("%y%m%d")
    year = (years(publication) or "uuuu")[:4].rjust(4, "u")
    language = ISO_639_2[publication.language][0]
    text = f"{entered}s{year}    {COUNTRY}".ljust(35) + f"{language} d"
    return text.ljust(40)[:40]


def _pieces(text: str) -> list[str]:
    """A field's length has four digits, a record's five: a long text stands in several fields."""
    left: bytes = text.encode()
    pieces: list[str] = []
    while left and len(pieces) < MOST_FIELDS:
        piece = left[:LONGEST_FIELD].decode(errors="ignore")
        if len(left) > LONGEST_FIELD and " " in piece:
            piece = piece.rsplit(" ", 1)[0]
        pieces.append(piece)
        left = left[len(piece.encode()) :].lstrip(b" ")
    return pieces


def _add(made: Record, tag: str, indicators: str, **subfields: str) -> None:
    parts = [(code, said) for code, value in subfields.items() if (said := plain(value))]
    if parts:
        made.add_field(_field(tag, indicators, parts))


def _field(tag: str, indicators: str, parts: list[tuple[str, str]]) -> Field:
    return Field(tag=tag, indicators=Indicators(*indicators), subfields=[Subfield(c, v) for c, v in parts])
