"""The parts of docs/ that are drawn from the code: settings table, state diagrams, the picture of the layers.

`manage.py make_docs` writes them; a test compares, so that they cannot go stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from complaints.models import Complaint
from consultation.models import Consultation, KnowledgeAnswer
from library.models import DigitalCopy, ExcerptRequest, Hold, Import, Loan, ScanRequest
from pst import env
from pst.privacy.models import PrivacyRequest
from queueing.models import Appointment, PrintJob, Ticket
from services.guestbook.models import VisitService
from services.lockers.models import Incident
from services.mail.models import Outgoing
from services.offices.models import Standard

DOCS = Path(settings.BASE_DIR) / "docs"
MACHINES: dict[str, Any] = {
    "Ticket": Ticket,
    "Service standard": Standard,
    "Service received": VisitService,
    "Complaint": Complaint,
    "Consultation": Consultation,
    "Answer for everybody": KnowledgeAnswer,
    "Appointment": Appointment,
    "Print job": PrintJob,
    "Request about one's data": PrivacyRequest,
    "Loan of a book": Loan,
    "Place in the line for a book": Hold,
    "Import into the catalogue": Import,
    "Request for a scan": ScanRequest,
    "Request for more pages": ExcerptRequest,
    "Softcopy of a publication": DigitalCopy,
    "Lost key or thing left behind": Incident,
    "Mail going out": Outgoing,
}
LAYERS = [
    ["pst.portal", "pst.panel", "pst.privacy"],
    ["library", "consultation", "complaints"],
    ["queueing"],
    ["services.ratings", "services.surveys", "services.lockers"],
    ["services.guestbook"],
    ["services.mail"],
    ["services.accounts"],
    ["services.offices"],
    ["services.audit", "services.live"],
]
PACKAGES = ("pst", "services", "library", "consultation", "queueing", "complaints")
ROOMS = [room for layer in LAYERS for room in layer]
PURPOSE = {
    "pst.portal": "public pages, posters, demo",
    "pst.panel": "the supervisor",
    "pst.privacy": "what is kept how long, erasure",
    "library": "use of the reading room",
    "consultation": "questions and answers",
    "complaints": "lodging and following",
    "queueing": "tickets, counters, kiosk, desk, TV",
    "services.ratings": "stars",
    "services.surveys": "SKM and SKD, results",
    "services.lockers": "bags and cards",
    "services.guestbook": "visitors, visits, steps, clocks",
    "services.mail": "outbox, templates, reply tokens",
    "services.accounts": "users, roles, devices, access",
    "services.offices": "offices, standards and their rules, calendar",
    "services.audit": "who did and read what",
    "services.live": "NOTIFY to event streams",
}
WIDTH, ROW, BOX_HEIGHT, MARGIN = 960, 104, 56, 24


def settings_page() -> str:
    return (
        "# Settings\n\nAll settings are environment variables. `make run` and `make test` set what they need; "
        "a server of your own sets them itself.\nIn production PST refuses to start with an unsafe value and says "
        f"which.\n\n{env.markdown_table()}"
    )


def states_page() -> str:
    """One diagram per state machine, from its dict of allowed moves."""
    parts = ["# States\n\nDrawn from the `MOVES` and `UNDO` dicts in the code (`manage.py make_docs`).\n"]
    for name, model in MACHINES.items():
        field = model._meta.get_field(getattr(model, "STATE_FIELD", "state"))
        first = field.get_default()
        lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
        for state, targets in model.MOVES.items():
            lines += [f"    {state} --> {target}" for target in sorted(targets)]
            lines += [
                f"    {state} --> {target}: undo"
                for target in sorted(getattr(model, "UNDO", {}).get(state, set()) - targets)
            ]
            lines += [] if targets else [f"    {state} --> [*]"]
        labels = [f"- `{value}`: {label}" for value, label in field.flatchoices]
        parts.append(f"## {name}\n\n" + "\n".join([*lines, "```", "", *labels]) + "\n")
    return "\n".join(parts)


def imports() -> set[tuple[str, str]]:
    """Which room imports which, read from the code by grimp (the library behind import-linter)."""
    import grimp

    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    found = set()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            pair = (_room(importer), _room(imported))
            if all(pair) and pair[0] != pair[1]:
                found.add(pair)
    return found  # type: ignore[return-value]


def _nearest(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Leave out an arrow that only repeats a chain of others, so that the picture can be read."""
    below: dict[str, set[str]] = {room: set() for room in ROOMS}
    for room in reversed(ROOMS):
        for importer, imported in pairs:
            if importer == room:
                below[room] |= {imported} | below[imported]
    return {
        (a, b)
        for a, b in pairs
        if not any(c != b and b in below[c] for importer, c in pairs if importer == a)
    }


def _room(module: str) -> str | None:
    return next((r for r in ROOMS if module == r or module.startswith(f"{r}.")), None)


def architecture_picture() -> str:
    """The folders as layers, an arrow for each import between neighbours or further down."""
    boxes: dict[str, tuple[float, float, float]] = {}
    for row, layer in enumerate(LAYERS):
        width = (WIDTH - MARGIN * (len(layer) + 1)) / len(layer)
        for column, room in enumerate(layer):
            boxes[room] = (MARGIN + column * (width + MARGIN), MARGIN + row * ROW, width)
    height = MARGIN * 2 + len(LAYERS) * ROW - (ROW - BOX_HEIGHT)
    arrows = [_arrow(boxes[a], boxes[b]) for a, b in sorted(_nearest(imports()))]
    rooms = [_box(room, *boxes[room]) for room in ROOMS]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            'font-family="sans-serif" font-size="16">',
            "<title>Folders are layers: imports only point down</title>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
            'orient="auto"><path d="M0 0 8 4 0 8z" fill="#657c93"/></marker></defs>',
            f'<rect width="{WIDTH}" height="{height}" fill="#f3f8fc"/>',
            *arrows,
            *rooms,
            "</svg>\n",
        ]
    )


def _box(room: str, x: float, y: float, width: float) -> str:
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{BOX_HEIGHT}" rx="8" fill="#ffffff" '
        f'stroke="#005b99"/><text x="{x + width / 2:.0f}" y="{y + 24:.0f}" text-anchor="middle" '
        f'fill="#10243a" font-weight="bold">{room.replace(".", "/")}</text>'
        f'<text x="{x + width / 2:.0f}" y="{y + 44:.0f}" text-anchor="middle" fill="#475d74" '
        f'font-size="13">{PURPOSE[room]}</text>'
    )


def _arrow(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    """From the importer's lower edge to the imported room's upper edge, bowed so that arrows part."""
    x1, y1 = start[0] + start[2] * 0.5, start[1] + BOX_HEIGHT
    shift = 0.2 + 0.6 * (start[0] / WIDTH)
    x2, y2 = end[0] + end[2] * shift, end[1]
    bend = (y2 - y1) / 2
    return (
        f'<path d="M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}" '
        'fill="none" stroke="#657c93" stroke-opacity=".55" marker-end="url(#tip)"/>'
    )


def pages() -> dict[str, str]:
    return {
        "settings.md": settings_page(),
        "states.md": states_page(),
        "architecture.svg": architecture_picture(),
    }
