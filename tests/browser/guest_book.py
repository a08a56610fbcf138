"""Filling in the guest book as a person does: one question after the other on tablet and phone, one form at the desk.

Counts taps and keys, for the time-and-motion figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

CHOICES = {
    "gender": "Perempuan", "education": "D4/S1", "job": "Pelajar/mahasiswa",
    "institution_category": "Lembaga penelitian dan pendidikan", "use_of_data": "Tugas sekolah/kuliah/skripsi",
    "guardian": "Orang tua",
}  # fmt: skip
ENGLISH = {
    "gender": "Female", "education": "Master (S2)", "job": "Researcher or lecturer",
    "institution_category": "Research or education", "use_of_data": "Research", "guardian": "Parent",
    "consent": "Yes, I agree", "save": "Save guest book",
}  # fmt: skip
TYPED = {"email": "tamu@example.test", "birth_year": "2003"}
VISIBLE = "[data-screen]:not([hidden])"


@dataclass
class Motion:
    taps: int = 0
    keys: int = 0
    screens: int = 0

    @property
    def seconds(self) -> float:
        """Estimated, nobody was timed: the keystroke-level model (Card, Moran and Newell, 1980) with 1.35 s to make up
        one's mind and 1.10 s to point for each tap, and 0.50 s a key."""
        return self.taps * (1.35 + 1.10) + self.keys * 0.50


def fill_guest_book(page: Page, name: str, words: dict[str, str] = CHOICES, **answers: str) -> Motion:
    """`answers`: what to type into a field instead of, or besides, the usual. `words`: those of the page's language."""
    typed = {"name": name, **TYPED, **answers}
    motion = Motion()
    page.locator("[data-guest-book]").wait_for()
    if page.locator("[data-wizard]").count():
        for _screen, _first in _answer(page, typed, motion, words):
            pass
        page.get_by_role("button", name=words.get("save", "Simpan buku tamu")).click()
        motion.taps += 1
        return motion
    _tap(page, "Ya, saya setuju", motion)
    for field, text in typed.items():
        _type(page, field, text, motion)
    for field, choice in CHOICES.items():
        if field != "guardian":
            _tap(page.locator(f'[data-screen="{field}"]'), choice, motion)
    if page.locator('[data-screen="card_type"]').count():
        _tap(page.locator('[data-screen="card_type"]'), "KTP", motion)
    page.get_by_role("button", name="Simpan buku tamu").click()
    motion.taps += 1
    return motion


def each_screen(page: Page, name: str) -> Iterator[tuple[str, bool]]:
    """Stops before each question is answered: its name, and whether it is worth a look (its kind is new)."""
    yield from _answer(page, {"name": name, **TYPED}, Motion())


def _answer(
    page: Page, typed: dict[str, str], motion: Motion, words: dict[str, str] = CHOICES
) -> Iterator[tuple[str, bool]]:
    seen: set[str] = set()
    page.locator("form.is-wizard").wait_for()
    for _most in range(30):
        screen = page.locator(VISIBLE)
        name = screen.get_attribute("data-screen") or ""
        kind = screen.locator("input, textarea").first.get_attribute("type") or "text"
        look = kind not in seen or name in ("needs", "email")
        seen.add(kind)
        motion.screens += 1
        yield name, look
        if name == "consent":
            _tap(screen, words.get("consent", "Ya, saya setuju"), motion)
        elif name in words:
            _tap(screen, words[name], motion)
        else:
            for field in [f for f in typed if screen.locator(f'[name="{f}"]').count()]:
                _type(page, field, typed[field], motion)
            if page.locator("[data-wizard-save]").is_visible():
                return
            page.wait_for_timeout(950)  # as a person who looks before passing a question over
            page.locator("[data-wizard-next]").click()
            motion.taps += 1
        page.locator(f'{VISIBLE}:not([data-screen="{name}"])').wait_for()
    raise AssertionError("the guest book has no end")


def _tap(place, text: str, motion: Motion) -> None:
    place.get_by_text(text, exact=True).click()
    motion.taps += 1


def _type(page: Page, field: str, text: str, motion: Motion) -> None:
    page.locator(f'[name="{field}"]').fill(text)
    motion.keys += len(text)
