"""Every action the code writes down has words, and every file that leaves the house is in the register of exports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from pst.panel.trace import showing, values, words
from queueing.models.undo import KINDS
from services.audit.models import AuditEntry
from services.offices.rule_names import STEP_NAMES

FOLDERS = ("pst", "services", "queueing", "consultation", "complaints", "library")
WRITERS = {"record", "record_many", "record_export"}
# Actions that are put together while running: the call, as it stands, and all it can become.
PUT_TOGETHER = {
    "f'{locked._meta.model_name}.{to}'": [
        f"{m._meta.model_name}.{state}" for m in apps.get_models() for state in getattr(m, "MOVES", ())
    ],
    "f'standard.{to}'": [],  # its states: as above
    "f'visit.step.{kind}'": [f"visit.step.{kind}" for kind in STEP_NAMES],
    "f'undo.{action.kind}'": [f"undo.{kind}" for kind in KINDS],
    "f'announcement.{what}'": [f"announcement.{w}" for w in ("added", "changed", "moved", "switched_on", "switched_off", "deleted")],
    "f'incident.{kind}'": ["incident.key_lost", "incident.left_item"],
    "f'stock.{state}'": ["stock.finished", "stock.cancelled"],
    "self.action": ["complaint.file", "consultation.file"],
    "f'{self.action}_{state}'": [f"{a}.file_{s}" for a in ("complaint", "consultation") for s in ("ready", "refused")],
    "f'export.{what}'": [],  # each call of record_export is read by itself
    "ACTION": ["complaint.flood"],
    "TAKEN_BACK": ["survey.taken_back"],
    "TRIAL_SEEN": ["setup.trial_seen"],
    "f'complaint.{action}'": [],  # each call of complaints' `save(action=…)` is read by itself
    "entry.action": [],  # what was done is undone under the same name
    "action": [],  # of record_setting, and the names below
    "what": [],
}  # fmt: skip
LOCAL = {
    "device.fault",
    "device.well",
    "locker.out_of_service",
    "locker.in_service",
    "publication.cover_removed",
    "publication.cover_set",
}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in FOLDERS:
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def actions() -> Iterator[tuple[str, str]]:
    """(where, the action or the expression that makes it)"""
    for path, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name, where = called(node), f"{path.name}:{node.lineno}"
            on_trail = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "trail"
            for keyword in node.keywords:
                if keyword.arg == "action" and isinstance(keyword.value, ast.Constant):
                    value = str(keyword.value.value)
                    if name == "save" and "." not in value:
                        yield where, f"complaint.{value}"
                    elif name == "record_setting" or "." in value:
                        yield where, value
            if (name in WRITERS and on_trail) or (name == "record" and path.name == "trail.py"):
                prefix = "export." if name == "record_export" else ""
                yield from ((where, prefix + said) for said in _said(node.args[0]))


def _said(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return [*_said(node.body), *_said(node.orelse)]
    return [ast.unparse(node)]


def test_every_action_has_words_and_a_group():
    found, missing = set(LOCAL), []
    for where, said in actions():
        if said in PUT_TOGETHER:
            found |= set(PUT_TOGETHER[said])
        elif said.replace(".", "").replace("_", "").isalnum():
            found.add(said)
        else:
            missing.append((where, said, "say in PUT_TOGETHER what it can become"))
    assert missing == []
    assert len(found) > 200
    assert sorted(action for action in found if not words.known(action)) == []
    assert sorted(action for action in found if words.group_of(action) not in words.GROUPS) == []


def test_no_words_for_exports_that_nobody_makes():
    made = {said.partition(".")[2] for _where, said in actions() if said.startswith("export.")}
    assert set(words.EXPORTS) == made


ANSWERS = {"csv_answer", "csv_stream", "xlsx_answer"}
# No data that anybody must answer for: the catalogue as everybody may take it, labels of books, rows of a catalogue's file
# that could not be read, one's own appointment; and what only hands on a file that its caller has told of.
NO_DATA = {
    "appointments.py:calendar_file", "export.py:one", "faults.py:answer", "labels.py:_pdf", "panel.py:pdf_answer",
    "sheets.py:csv_answer", "sheets.py:csv_stream", "tables.py:answer",
}  # fmt: skip


def test_every_function_that_gives_a_table_or_an_attachment_says_so_in_the_register():
    silent = []
    for path, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            inside = list(ast.walk(node))
            gives = any(isinstance(n, ast.Call) and called(n) in ANSWERS for n in inside) or any(
                isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.startswith("attachment;")
                for n in inside
            )
            told = any(isinstance(n, ast.Call) and called(n) == "record_export" for n in inside)
            if gives and not told:
                silent.append(f"{path.name}:{node.name}")
    assert sorted(silent) == sorted(NO_DATA)


@pytest.mark.parametrize("action", ["nothing.known", "ticket.nonsense", "odd"])
def test_an_action_without_words_is_shown_as_it_is(action):
    assert words.known(action) == ""
    assert words.words(action) == action


@pytest.mark.parametrize(
    ("kind", "detail", "said"),
    [
        ("complaints.complaint", {"channel": "box", "was": "received"}, "saluran: Kotak saran; sebelumnya: Diterima"),
        ("library.publication", {"now": '{"access": "registered", "embargo_until": ""}'}, "menjadi: akses softcopy: Pengguna terdaftar, dirilis pada: kosong"),
        ("", {"report": "queue", "form": "xlsx", "since": "2026-10-01"}, "laporan: Antrian dan janji waktu; bentuk: XLSX; dari: 1 Okt 2026"),
        ("panel.publishedpromises", {"changed": {"period": ["", "month"]}}, "Pada halaman publik kantor: Tidak ditampilkan → Bulan terakhir yang sudah lengkap"),
        ("guestbook.visit", {"outcome": "skipped", "why": "desk", "reason": "no_show"}, "hasil: Dilewati; sebab: di meja; alasan: Tidak hadir ketika dipanggil"),
        ("gone.model", {"why": "kata petugas sendiri", "odd": "x"}, "sebab: kata petugas sendiri; odd: x"),
    ],
)  # fmt: skip
def test_details_are_said_in_the_words_of_the_screens(kind, detail, said):
    assert showing.detail(AuditEntry(target_type=kind, detail=detail)) == said


def test_the_register_names_the_report_and_its_days():
    taken = {"report": "visits", "since": "2026-10-01", "until": "2026-10-31", "form": "pdf"}
    assert values.report_words(taken) == "Kunjungan, 1 Okt 2026 – 31 Okt 2026"
    assert values.report_words({"rows": 3}) == ""
