"""An office's earlier guest book: read line by line, stored once, told in words where it is wrong."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pst.privacy import retention
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from services.guestbook import clocks, importing, workflows
from services.guestbook.import_rows import COLUMNS, Unreadable
from services.guestbook.importing import Imported, import_visits
from services.guestbook.models import Consent, ConsentWording, ReferenceItem, Visit, Visitor, VisitService
from tests.guestbook.support import DEVICE, FILLED
from tests.guestbook.test_signing import anywhere

ROW = {
    "date": "2025-03-14", "arrived": "09:15", "began": "09.20", "ended": "1000", "service": "library",
    "name": "Sitti Aminah", "email": "sitti@example.test", "phone": "0812 3456 7890", "gender": "female",
    "birth_year": "1998", "education": "bachelor", "job": "student", "institution": "Universitas Halu Oleo",
    "institution_category": "education", "use_of_data": "education", "party_size": "2", "number": "a12",
    "consent": "yes",
}  # fmt: skip
BARE = {"date": "2025-03-14", "arrived": "09:15", "service": "library"}


def csv_of(*rows: dict, separator: str = ",", columns=None) -> str:
    columns = columns or [c for c in COLUMNS if any(c in row for row in rows)]
    lines = [columns, *([row.get(c, "") for c in columns] for row in rows)]
    return "".join(separator.join(line) + "\r\n" for line in lines)


def bring(office, *rows: dict, text: str = "", **options) -> Imported:
    return import_visits(io.StringIO(text or csv_of(*rows), newline=""), office=office, by=SYSTEM, **options)


def faults(office, **changes) -> list[str]:
    done = bring(office, {**ROW, **changes})
    assert not done.stored or not done.faults
    return [str(fault) for fault in done.faults]


@pytest.fixture
def save(tmp_path):
    def write(content: str | bytes) -> str:
        path = Path(tmp_path / "buku-tamu.csv")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def test_a_full_row_becomes_a_visit_that_is_over(office):
    done = bring(office, ROW)
    assert (done.stored, done.rows, done.added, done.people) == (True, 1, 1, 1)
    visit = Visit.objects.get()
    at = datetime(2025, 3, 14, 1, 15, tzinfo=UTC)  # 09.15 WITA
    assert (visit.day, visit.arrived_at, visit.party_size) == (date(2025, 3, 14), at, 2)
    assert (visit.guest_book_channel, visit.guest_book_at, visit.use_of_data) == ("paper", at, "education")
    assert (visit.end_reason, visit.ended_at) == ("finished", datetime(2025, 3, 14, 2, 0, tzinfo=UTC))
    assert visit.number == "A012"
    person = visit.visitor
    assert (person.name, person.phone, person.birth_year) == ("Sitti Aminah", "+6281234567890", 1998)
    assert person.institution_category == "education"
    received = visit.services.get()
    assert (received.state, received.started_at) == ("done", datetime(2025, 3, 14, 1, 20, tzinfo=UTC))
    assert [step.state for step in received.steps.all()] == ["waiting", "serving", "done"]
    assert [step.kind for step in visit.steps.all()] == ["guest_book", "service", "finish"]
    consent = visit.consents.get()
    assert (consent.given, consent.visitor, consent.channel) == (True, person, "paper")
    entry = AuditEntry.objects.get(action="visits.imported")
    assert (entry.detail, entry.office) == ({"rows": 1}, office)


def test_the_promise_is_not_counted_and_says_why(office):
    bring(office, ROW)
    received = VisitService.objects.get()
    assert (received.clock_result, received.clock_reason) == ("excluded", clocks.IMPORTED)
    assert clocks.read(received).reason == "diimpor dari catatan lama"


def test_a_day_an_arrival_and_a_service_are_enough(office):
    assert bring(office, BARE).without_consent == 1
    visit = Visit.objects.get()
    assert (visit.ended_at, visit.end_reason, visit.party_size) == (visit.arrived_at, "finished", 1)
    assert visit.visitor is None


def test_the_end_is_the_beginning_where_it_is_not_known(office):
    bring(office, {**ROW, "ended": ""})
    assert Visit.objects.get().ended_at == VisitService.objects.get().started_at


@pytest.mark.parametrize("consent", ["", "no", "NO"])
def test_without_consent_only_the_minimum_is_stored(office, consent):
    done = bring(office, {**ROW, "consent": consent, "phone": "not even read"})
    assert (done.added, done.without_consent) == (1, 1)
    assert Visitor.objects.count() == Consent.objects.count() == 0
    visit = Visit.objects.get()
    assert (visit.visitor, visit.use_of_data, visit.party_size) == (None, "", 2)


def test_a_child_for_whom_nobody_agreed_is_counted_without_a_name(office):
    done = bring(office, {**ROW, "birth_year": "2010"})
    assert (done.added, done.children, done.people) == (1, 1, 0)
    assert Visit.objects.get().visitor is None


def test_a_child_for_whom_a_teacher_agreed(office):
    bring(office, {**ROW, "birth_year": "2010", "guardian": "teacher"})
    assert Consent.objects.get().guardian == "teacher"
    assert Visitor.objects.get().birth_year == 2010


def test_the_wording_is_that_of_the_day_or_the_earliest(office):
    later = ConsentWording.objects.create(version=9, text="B", text_en="B", effective_from=date(2025, 1, 1))
    for day in ("2019-06-01", "2024-12-31", "2025-01-01"):
        bring(office, {**ROW, "date": day})
    said = dict(Consent.objects.values_list("visit__day", "wording__version"))
    assert said == {date(2019, 6, 1): 1, date(2024, 12, 31): 1, date(2025, 1, 1): later.version}


def test_the_same_file_twice_adds_nothing(office):
    rows = [ROW, {**ROW, "arrived": "11:00", "began": "", "ended": ""}, BARE]
    bring(office, *rows)
    again = bring(office, *rows)
    assert (again.added, again.there, again.people) == (0, 3, 0)
    assert (Visit.objects.count(), Visitor.objects.count()) == (3, 1)
    assert AuditEntry.objects.filter(action="visits.imported").count() == 1


def test_a_number_that_nobody_can_ring_is_told(office):
    assert faults(office, phone="0812-11") == [
        "line 2, phone: is not complete; write it like 0812 3456 7890 or +60 12 345 6789"
    ]


def test_the_same_file_saved_by_another_spreadsheet_adds_nothing(office):
    bring(office, ROW)
    typed = {
        **ROW,
        "date": "14/03/2025",
        "arrived": "9.15",
        "began": "09:20:00",
        "phone": "+62 812-3456-7890",
    }
    again = bring(office, text=csv_of(typed, separator=";", columns=sorted(ROW)))
    assert (again.added, again.there) == (0, 1)


def test_somebody_who_was_erased_does_not_come_back_with_the_same_file(office, by):
    bring(office, ROW, {**ROW, "name": "Wahyu Lestari", "email": "w@example.test", "phone": ""})
    retention.erase(Visitor.objects.get(name="Sitti Aminah"), by=by, why="erasure")
    done = bring(office, ROW, {**ROW, "name": "Wahyu Lestari", "email": "w@example.test", "phone": ""})
    assert (done.added, done.there, done.people) == (0, 2, 0)
    assert (Visit.objects.count(), anywhere("aminah")) == (2, [])


def test_what_a_row_says_does_not_lead_to_the_visits_address(office):
    bring(office, ROW)
    visit = Visit.objects.get()
    assert visit.origin
    assert visit.origin not in visit.token
    first = visit.token
    Visit.objects.all().delete()
    bring(office, ROW)
    assert Visit.objects.get().origin == visit.origin
    assert Visit.objects.get().token != first


def test_two_truly_equal_rows_both_survive_and_stay_two(office):
    assert bring(office, BARE, BARE).added == 2
    assert bring(office, BARE, BARE).added == 0
    assert bring(office, BARE, BARE, BARE).added == 1
    assert Visit.objects.count() == 3


def test_the_same_row_of_two_offices_is_two_visits(office, offices):
    bring(office, BARE)
    assert bring(offices["1906"], BARE).added == 1
    assert {v.arrived_at.hour for v in Visit.objects.all()} == {1, 2}  # WITA and WIB


def test_the_same_person_is_one_record(office):
    rows = [
        ROW,
        {**ROW, "arrived": "10:00", "began": "", "ended": "", "name": "sitti  AMINAH", "email": ""},
        {**ROW, "arrived": "11:00", "began": "", "ended": "", "phone": "", "email": "SITTI@example.test"},
        {**ROW, "arrived": "12:00", "began": "", "ended": "", "name": "Budi"},  # the family's phone
        {
            **ROW,
            "arrived": "13:00",
            "began": "",
            "ended": "",
            "phone": "",
            "email": "",
        },  # perhaps somebody else
    ]
    assert bring(office, *rows).people == 4
    known = Visitor.objects.get(name="Sitti Aminah", phone="+6281234567890")
    assert known.visits.count() == 2
    assert [p.name for p in retention.everyone(known)] == ["Sitti Aminah", "sitti AMINAH"]


@pytest.mark.parametrize("batch", [1, 1000])
@pytest.mark.parametrize("backwards", [True, False])
def test_who_is_one_does_not_depend_on_the_order_or_the_batch(office, monkeypatch, batch, backwards):
    """Two mailboxes beside one name and phone: whose the rows without one are, nobody knows."""
    monkeypatch.setattr(importing, "BATCH", batch)
    times = iter(range(8, 15))
    only = {
        "date": "2025-03-14",
        "service": "library",
        "name": "Budi",
        "phone": "081234567890",
        "consent": "yes",
    }
    mails = ["", "a@example.test", "", "b@example.test", "A@example.test", ""]
    rows = [{**only, "email": mail, "arrived": f"{next(times)}:00"} for mail in mails]
    assert bring(office, *(rows[::-1] if backwards else rows)).people == 3
    counts = {p.email.lower(): p.visits.count() for p in Visitor.objects.all()}
    assert counts == {"": 3, "a@example.test": 2, "b@example.test": 1}


def test_a_namesake_with_another_mailbox_is_somebody_else(office):
    """The same name and the family's phone: no stranger's visit stands on their own page."""
    known = Visitor.objects.create(
        office=office, name="Sitti Aminah", phone="+6281234567890", email="victim@example.test"
    )
    third = {**ROW, "arrived": "10:00", "began": "", "ended": "", "email": "third@example.test"}
    assert bring(office, ROW, third).people == 2
    assert not known.visits.exists()


def test_somebody_who_was_here_already_keeps_the_record(office):
    visit = workflows.arrive(office=office, service=office.services.first(), by=DEVICE)
    person = {"name": "Sitti Aminah", "email": "sitti@example.test", "job": "private"}
    workflows.sign(
        visit=visit, person=person, answers={}, consent=True, wording=ConsentWording.objects.first(),
        channel="desk", by=DEVICE,
    )  # fmt: skip
    assert bring(office, ROW).people == 0
    known = Visitor.objects.get()
    assert known.visits.count() == 2
    assert known.job == "private", "what an old book says does not overwrite"


def test_somebody_merged_is_found_under_the_record_that_counts(office):
    kept = Visitor.objects.create(office=office, name="Sitti A.")
    Visitor.objects.create(office=office, name="Sitti Aminah", phone="+6281234567890", merged_into=kept)
    bring(office, {**ROW, "email": ""})
    assert Visit.objects.get().visitor == kept


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("date", "", "needed"),
        ("date", "14 Maret", "2025-03-14"),
        ("date", "2025-02-30", "2025-03-14"),
        ("date", "٢٠٢٥-٠٣-١٤", "2025-03-14"),
        ("date", "9999-01-01", "not come yet"),
        ("date", "0202-03-14", "check the year"),
        ("arrived", "25:00", "09:15"),
        ("arrived", "09:30", ""),  # then `began` is told
        ("service", "perpus", "consultation, library"),
        ("phone", "0812", "not complete"),
        ("phone", "8.12346E+11", "as text"),
        ("email", "sitti@", "e-mail"),
        ("email", f"{'a' * 300}@example.test", ""),
        ("gender", "wanita", "male, female"),
        ("education", "S1", "bachelor"),
        ("use_of_data", "skripsi", "education"),
        ("birth_year", "98", "between 1905 and 2025"),
        ("birth_year", "2030", "between"),
        ("party_size", "0", "1 to 200"),
        ("party_size", "9" * 40, "1 to 200"),
        ("number", "Sitti", "A012"),
        ("consent", "maybe", "yes or no"),
        ("guardian", "aunt", "teacher"),
        ("name", "", "needed"),
        ("name", "x" * 121, "120"),
        ("institution", "x" * 151, "150"),
        ("name", "Si\x00tti", "cannot be read"),
    ],
)
def test_a_fault_names_line_and_column_and_what_to_do(office, column, value, told):
    (fault,) = faults(office, **{column: value})
    at = "began" if value == "09:30" else column
    assert fault.startswith(f"line 2, {at}: ")
    assert told in fault
    assert Visit.objects.count() == Visitor.objects.count() == 0


def test_a_fault_never_repeats_what_a_person_said(office):
    told = " ".join(faults(office, phone="0812", email="sitti@", birth_year="19998"))
    assert "0812 " not in told.replace("0812 3456 7890", "")
    assert "sitti@" not in told
    assert "19998" not in told


def test_a_time_that_has_not_come_yet(office):
    now = datetime(2025, 3, 14, 1, 30, tzinfo=UTC)  # 09.30 WITA
    done = bring(office, ROW, at=now)
    assert [str(f) for f in done.faults] == ["line 2, ended: this time has not come yet; check it"]


def test_an_answer_counts_by_the_list_of_that_day(office):
    ReferenceItem.objects.filter(list="job", code="student").update(until=date(2025, 3, 14))
    assert "line 2, job" in faults(office)[0]
    assert bring(office, {**ROW, "date": "2025-03-13"}).added == 1
    assert bring(office, {**ROW, "date": "2018-03-13"}).added == 1, "before there was a list: the earliest"


def test_with_a_fault_nothing_is_stored(office):
    done = bring(office, ROW, {**BARE, "service": "perpus"}, {**BARE, "arrived": ""})
    assert (done.stored, done.bad) == (False, 2)
    assert [fault.line for fault in done.faults] == [3, 4]
    assert Visit.objects.count() == Visitor.objects.count() == AuditEntry.objects.filter(action="visits.imported").count() == 0  # fmt: skip


def test_the_good_rows_alone_and_the_corrected_ones_later(office):
    good, bad = ROW, {**BARE, "service": "perpus"}
    done = bring(office, good, bad, skip_bad=True)
    assert (done.stored, done.added, done.bad) == (True, 1, 1)
    again = bring(office, good, BARE)
    assert (again.added, again.there) == (1, 1)


def test_a_dry_run_counts_and_stores_nothing(office):
    done = bring(office, ROW, BARE, dry_run=True)
    assert (done.stored, done.added, done.people) == (False, 2, 1)
    assert Visit.objects.count() == Visitor.objects.count() == AuditEntry.objects.filter(action="visits.imported").count() == 0  # fmt: skip


def test_many_faults_are_counted_not_piled_up(office):
    done = bring(office, *[{**BARE, "service": "x"}] * 500)
    assert (done.bad, len(done.faults), done.more_faults) == (500, 200, 300)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "date, arrived, service"),
        ("tanggal,jam,layanan\n", "date, arrived, service"),
        ("date,arrived,service,nik\n", "unknown columns: nik"),
        ("date,arrived,service,date\n", "twice"),
        ('date,arrived,service\n2025-03-14,09:15,"library\n', "line 2 cannot be read"),
        ("PK\x03\x04\x00\x00", "date, arrived, service"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(office, text, told):
    with pytest.raises(Unreadable, match=told):
        import_visits(io.StringIO(text, newline=""), office=office, by=SYSTEM)


def test_quoted_separators_empty_lines_and_spare_columns(office):
    text = (
        "Date;Arrived;SERVICE;name;consent;;\r\n\r\n;;;;;;\r\n"
        '2025-03-14;09:15;Library;"Aminah; Sitti";yes;;\r\n'
        "2025-03-14;09:15;library;Aminah; Sitti;yes;spare\r\n"
    )
    done = bring(office, text=text, skip_bad=True)
    assert (done.rows, done.added) == (2, 1)
    assert Visitor.objects.get().name == "Aminah; Sitti"
    assert {fault.line for fault in done.faults} == {5}


def test_the_command_reads_a_spreadsheets_file(office, save, capsys):
    path = save(b"\xef\xbb\xbf" + csv_of(ROW, separator=";").encode())
    call_command("import_visits", path, office="7411")
    assert "1 rows: 1 visits added" in capsys.readouterr().out
    assert Visit.objects.get().visitor.name == "Sitti Aminah"


def test_the_command_tells_faults_and_stores_nothing(office, save, capsys):
    path = save(csv_of(ROW, {**ROW, "name": "Andr\xe9"}).encode("latin-1"))
    with pytest.raises(CommandError, match="Nothing was stored: 1 of 2 rows"):
        call_command("import_visits", path, office="7411")
    assert "line 3, name: a character cannot be read" in capsys.readouterr().out
    assert Visit.objects.count() == 0


def test_the_command_knows_the_office_and_the_file(office, save):
    with pytest.raises(CommandError, match="No office has the code 9999"):
        call_command("import_visits", save(csv_of(BARE)), office="9999")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_visits", "/nowhere.csv", office="7411")
    with pytest.raises(CommandError, match="first line"):
        call_command("import_visits", save("x\n"), office="7411")


def test_the_number_of_questions_does_not_grow_with_the_rows(office):
    def ask(how_many: int, day: str) -> int:
        rows = [{**ROW, "date": day, "name": f"Tamu {day} {n}"} for n in range(how_many)]
        with CaptureQueriesContext(connection) as queries:
            assert bring(office, *rows).added == how_many
        return len(queries)

    ask(3, "2025-01-02")
    assert ask(3, "2025-01-03") == ask(900, "2025-01-06") <= 18


def test_the_sample_of_the_documentation_is_imported_as_it_stands(office):
    text = (Path(__file__).parents[2] / "docs" / "import-visits.md").read_text(encoding="utf-8")
    sample = text.split("```csv\n")[1].split("```")[0]
    done = bring(office, text=sample)
    assert (done.stored, done.faults) == (True, [])
    assert done.added >= 3
    assert FILLED["name"] in sample
