"""What comes along when another office's standard is copied, and what does not."""

from __future__ import annotations

import pytest

from services.audit.actors import SYSTEM
from services.offices.models import Office
from services.offices.standards import drafts, editing, reading, theirs
from services.offices.standards.editing import Typed
from services.offices.workflows import confirm_rules
from tests.offices.test_standards import in_force, texts


def test_another_offices_words_become_ours(offices):
    base, service = in_force(offices, "6571"), offices["7411"].services.get(slug="library")
    draft = drafts.from_office(base, service, by=SYSTEM)
    words = " ".join(texts(draft, "requirements") + texts(draft, "complaints"))
    assert "BPS Kabupaten Kolaka Timur" in words
    assert "BPS Kota Tarakan" not in words
    assert "bps6571@bps.go.id" not in words
    assert draft.base == base
    assert draft.corrections
    assert not draft.rule_set.exclude(confirmed_at=None).exists()
    assert reading.disagreements(draft) == []


OFFICE = Office(code="6571", name="BPS Kota Tarakan", area="Kota Tarakan", email="bps6571@bps.go.id", phone="(0551) 31715",
                website="https://tarakankota.bps.go.id", address="Jl. Pulau Kalimantan No.9")  # fmt: skip
OURS = Office(
    code="7411",
    name="BPS Kabupaten Kolaka Timur",
    area="Kabupaten Kolaka Timur",
    email="bps7411@bps.go.id",
    phone="0401 7",
)
NEVER = ("0851", "31715", "Syahroni", "Budi", "19800101", "No.9", "Mawar", "08.00", "12.30", "Lantai", "Gedung", "24E", "bpskotatarakan", "s.bps")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Telepon: (0551) 31715", "Telepon: 0401 7"),
        ("WA: 0851-8310-6571 (Syahroni, Kasubbag Umum BPS Kota Tarakan)", "WA: [lengkapi: telepon] ([lengkapi: nama])"),
        ("WhatsApp (0551) 31715", "WhatsApp [lengkapi: telepon]"),
        ("whatsapp (085183106571) atau datang", "whatsapp ([lengkapi: telepon]) atau datang"),
        ("kartu identitas (KTP, SIM, Paspor, dan lain-lain)", "kartu identitas (KTP, SIM, Paspor, dan lain-lain)"),
        ("Telp. 31715", "Telp. [lengkapi: telepon]"),
        ("Email: bps6571@bps.go.id, budi.s@bps.go.id", "Email: bps7411@bps.go.id, [lengkapi: e-mail]"),
        ("Form: s.bps.go.id/AduanPST6571 atau pst.bps.go.id", "Form: [lengkapi: tautan] atau pst.bps.go.id"),
        ("IG: bpskotatarakan", "IG: [lengkapi: akun]"),
        ("Penanggung jawab layanan: Budi Santoso, S.ST., M.Si", "Penanggung jawab layanan: [lengkapi: nama]"),
        ("menemui Ibu Mawar Melati di loket", "menemui Ibu [lengkapi: nama] di loket"),
        ("Budi Santoso, S.ST., NIP 19800101 200501 1 001", "NIP [lengkapi: NIP]"),
        ("datang ke Jl. Mawar No.9, Tarakan", "datang ke [lengkapi: alamat]"),
        ("pukul 08.00–12.30 WITA di Lantai 2 Gedung A", "pukul [lengkapi: jam] di [lengkapi: ruang]"),
        ("SK Kepala BPS Kota Tarakan Nomor 24E Tahun 2024", "[lengkapi: nomor SK]"),
        ("UU Nomor 25 Tahun 2009, maksimal 5 (lima) menit, 3 (tiga) hari kerja", "UU Nomor 25 Tahun 2009, maksimal 5 (lima) menit, 3 (tiga) hari kerja"),
        ("Unit Pelayanan Statistik Terpadu (PST) BPS Kota Tarakan", "Unit Pelayanan Statistik Terpadu (PST) BPS Kabupaten Kolaka Timur"),
    ],
)  # fmt: skip
def test_what_is_another_offices_own_is_blanked(text, stays):
    said = theirs.Ours(OFFICE, OURS).said(text)
    assert stays in said
    assert not [one for one in NEVER if one in said]


def test_what_another_office_decided_is_only_proposed(offices):
    """Its contacts are read from the words, which are blank; its own decisions come without what names it."""
    base, service = in_force(offices, "6571"), offices["7411"].services.get(slug="library")
    decided = {"certainty": "decided", "note": "Ditetapkan kantor, tidak dibaca dari teks."}
    person = {"kind": "whatsapp", "label": "WA", "value": "0851-8310-6571", "person": "Syahroni"}
    base.rule_set.filter(key="complaint_channels").update(value=[person], **decided)
    base.rule_set.filter(key="allowed_inside").update(value=["laptop", "hubungi 0851-8310-6571"], **decided)
    draft = drafts.from_office(base, service, by=SYSTEM)
    rules = {rule.key: rule for rule in draft.rule_set.all()}
    assert not [rule for rule in rules.values() if "0851" in str(rule.value) or "Syahroni" in str(rule.value)]
    assert rules["allowed_inside"].value == ["laptop", "hubungi [lengkapi: telepon]"]
    assert {rules[key].certainty for key in ("complaint_channels", "allowed_inside", "location")} == {
        "proposed"
    }
    item = next(i for i in draft.items.filter(section="complaints") if i.text.startswith("WA"))
    given = editing.item_value(item) | {"text": "WA: 0812-9999-1111"}
    editing.save_section(draft, "complaints", Typed(items={item.pk: given}), by=SYSTEM)
    channels = draft.rule_set.get(key="complaint_channels")
    assert (channels.certainty, "0812-9999-1111" in str(channels.value)) == ("proposed", True)
    confirm_rules(draft, by=SYSTEM, key="complaint_channels")
    assert draft.rule_set.get(key="complaint_channels").certainty == "decided"
    assert any("Boleh dibawa" in told for told in theirs.to_confirm(draft))
