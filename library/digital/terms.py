"""What who takes a softcopy home agrees to. A new wording is a new version and is asked for again; old ones stay here,
because rows say which was accepted."""

from __future__ import annotations

from django.utils.translation import get_language

CURRENT = 1
WORDING = {
    1: {
        "id": (
            "Salinan ini untuk keperluan Anda sendiri: belajar, penelitian, atau pekerjaan.",
            "Jangan menyebarkan, mengunggah, atau menjual berkasnya. Orang lain dapat memintanya sendiri di PST.",
            "Sebutkan Badan Pusat Statistik sebagai sumber bila mengutip.",
            "Setiap salinan punya nomor seri yang tercatat atas nama Anda.",
        ),
        "en": (
            "This copy is for your own use: study, research or work.",
            "Do not pass on, upload or sell the file. Others can ask the PST for a copy of their own.",
            "Name BPS-Statistics Indonesia as the source when you quote it.",
            "Each copy has a serial number that is recorded in your name.",
        ),
    }
}


def wording(version: int = CURRENT) -> tuple[str, ...]:
    """In the language of the page."""
    return WORDING[version]["en" if get_language() == "en" else "id"]
