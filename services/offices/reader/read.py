"""The way from a published text to structured facts; each stage lives in a module of its own."""

from __future__ import annotations

from . import breadcrumb
from .assign import assign_channels
from .cautions import cautions
from .columns import mixed_columns
from .decode import decode, refuse_size
from .facts import (
    MAX_CHUNKS,
    SECTION_NAMES,
    SECTIONS,
    Correction,
    Item,
    ParsedStandard,
    UnreadableStandard,
)
from .header import Headers, take_out_headers
from .items import Draft, SectionBuilder
from .lines import cut_lines
from .naming import display_title, service_kind, title_source
from .office import read_office
from .polish import Polisher
from .sections import Sorted, sort_sections
from .text import key


def read_standard(data: bytes | str, *, source_name: str = "") -> ParsedStandard:
    """Read a published service standard; ``source_name`` is only used to name the file in error messages."""
    try:
        text, warnings = decode(data)
        return _read(text, warnings)
    except UnreadableStandard as refused:
        if source_name:
            raise UnreadableStandard(refused.code, f"{source_name}: {refused}") from None
        raise


def _read(text: str, warnings: tuple[str, ...]) -> ParsedStandard:
    chunks = cut_lines(text)
    refuse_size(len(chunks), MAX_CHUNKS)
    headers = take_out_headers(chunks)
    outcome = sort_sections(headers.body)
    builders = _build(outcome)
    drafts = [draft for builder in builders for draft in builder.drafts]
    _refuse_foreign(outcome, drafts, text)
    office = read_office(text, headers)
    polisher = Polisher(office.name)
    items = _items(builders, polisher)
    kind = service_kind(outcome.title_lines, drafts)
    title = display_title(outcome.title_lines, kind, office, polisher)
    found = mixed_columns([(chunk.line, chunk.raw) for chunk in chunks])
    found += cautions(items, kind, office, outcome.decree, titled=bool(outcome.title_lines))
    if outcome.unplaced:
        found.append(
            f"{len(outcome.unplaced)} bagian teks belum ditempatkan; lihat daftar teks yang belum terpakai."
        )
    framework = [*headers.framework, *outcome.framework, *(f for b in builders for f in b.framework)]
    corrections = [*headers.corrections, *_mended(headers), *outcome.corrections, *polisher.corrections]
    corrections += [correction for builder in builders for correction in builder.corrections]
    return ParsedStandard(
        office=office,
        title=title,
        title_source=title_source(outcome.title_lines),
        service_kind=kind,
        decree_number=outcome.decree,
        items=items,
        unplaced=tuple(sorted(outcome.unplaced, key=lambda u: u.line)),
        corrections=tuple(sorted(corrections, key=lambda c: c.line)),
        source=text,
        warnings=(*warnings, *_guess_warnings(outcome), *found),
        framework=tuple(sorted(framework, key=lambda f: f.line)),
    )


def _build(outcome: Sorted) -> list[SectionBuilder]:
    """Items of every section, with their channels."""
    builders = [SectionBuilder(section) for section in SECTIONS]
    for builder in builders:
        placed = [
            (chunk, channel) for section, channel, chunk in outcome.placed if section == builder.section
        ]
        builder.read([chunk for chunk, _ in placed], [channel for _, channel in placed])
        for draft in builder.drafts:
            draft.explicit = draft.explicit or _inherited(draft)
        assign_channels(builder.section, builder.drafts)
    return builders


def _inherited(draft: Draft) -> str | None:
    return draft.parent.explicit if draft.parent is not None else None


def _items(builders: list[SectionBuilder], polisher: Polisher) -> tuple[Item, ...]:
    items = []
    for builder in builders:
        positions = {id(draft): number for number, draft in enumerate(builder.drafts, start=1)}
        for draft in builder.drafts:
            parent = positions.get(id(draft.parent)) if draft.parent is not None else None
            text = polisher.item(" ".join(part.strip() for part in draft.body), draft.line)
            items.append(
                Item(
                    section=builder.section,  # type: ignore[arg-type]
                    channel=draft.channel or "both",  # type: ignore[arg-type]
                    position=positions[id(draft)],
                    label=draft.label,
                    depth=draft.depth,
                    parent=parent,
                    source=draft.source,
                    text=text,
                )
            )
    return tuple(items)


def _mended(headers: Headers) -> list[Correction]:
    """Breadcrumb parts that other print ran over (TR): what is shown instead."""
    clean = breadcrumb.best(headers.breadcrumbs, headers.unit)
    lines = {key(f.text): f.line for f in headers.framework}
    found = []
    for copy in headers.breadcrumbs:
        for before, after in breadcrumb.broken([copy], clean):
            line = next((number for text, number in lines.items() if key(before) in text), 1)
            if key(before) != key(after):
                found.append(Correction(line, before, after, "Kepala halaman tercetak tumpang tindih."))
    return found


def _guess_warnings(outcome: Sorted) -> list[str]:
    return [
        f"Judul bagian {SECTION_NAMES[section]} tidak ada di naskah; isinya dikenali dari kalimatnya."
        for section in SECTIONS
        if section in outcome.guessed
    ]


def _refuse_foreign(outcome: Sorted, drafts: list[Draft], text: str) -> None:
    """Text without recognisable sections is refused instead of being guessed at."""
    sections = {draft.section for draft in drafts}
    about = any(word in text.casefold() for word in ("bps", "pelayanan", "layanan", "statistik"))
    if (len(sections) >= 2 and about) or (len(sections) == 1 and outcome.headings & sections and about):
        return
    raise UnreadableStandard(
        "not_a_standard",
        "Tidak ditemukan bagian standar pelayanan (Persyaratan, Prosedur, Waktu, Biaya, Produk, Pengaduan) "
        "dalam teks ini. Pastikan naskah yang dipilih benar, lalu coba lagi.",
    )
