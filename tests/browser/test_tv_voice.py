"""The TV's sound in a real browser: what is heard in which order, the lock on sound, and how the TV heals itself."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from queueing import speech
from queueing.models import OfficeQueue, Ticket
from queueing.workflows import desk
from queueing.workflows.issue import issue
from services.accounts.devices import report_fault
from services.accounts.models import Device
from services.audit.actors import SYSTEM
from services.live import release
from tests.browser.conftest import connected, heard, said
from tests.together import Held

SIZES = [(1920, 1080), (1280, 720), (1080, 1920)]
ONE = "Nomor antrian, A, nol nol satu, silakan ke loket satu"


@pytest.fixture
def office(offices):
    return offices["7411"]


def call(office, counter: int = 1) -> Ticket:
    """Somebody takes a number and is called."""
    service = office.services.get(slug="library")
    issue(office=office, service=service, submission=f"n{Ticket.objects.count()}", by=SYSTEM)
    return desk.call_next(office.counters.get(number=counter), by=SYSTEM)


def rules(office, **fields) -> None:
    OfficeQueue.objects.update_or_create(office=office, defaults=fields)


def names(sounds: list[dict]) -> list[str]:
    return [s["name"] for s in sounds]


def expected(ticket: Ticket, counter: int, language: str = "id") -> list[str]:
    return [s for s in speech.call(ticket.label, counter, language).segments.split() if s != speech.PAUSE]


class TestVoice:
    def test_a_call_is_joined_from_recordings_in_order_and_without_gaps(self, screens, office):
        tv = screens.tv(office)
        connected(tv)
        ticket = call(office)
        assert said(tv, 1) == [ONE]
        sounds = heard(tv, 8)
        assert names(sounds) == ["chime", *expected(ticket, 1)]
        for before, after in pairwise(sounds[1:]):
            assert 0 <= after["from"] - before["until"] < 0.35

    def test_two_calls_at_once_do_not_overlap(self, screens, office):
        tv = screens.tv(office)
        connected(tv)
        first, second = call(office, 1), call(office, 2)
        sounds = heard(tv, 16)
        assert names(sounds) == ["chime", *expected(first, 1), "chime", *expected(second, 2)]
        assert all(a["until"] <= b["from"] for a, b in pairwise(sounds))

    def test_a_call_that_is_seen_after_a_later_one_is_said_too(self, screens, office):
        service = office.services.get(slug="library")
        for n in range(2):
            issue(office=office, service=service, submission=f"n{n}", by=SYSTEM)
        tv = screens.tv(office)
        connected(tv)
        one, two = (office.counters.get(number=n) for n in (1, 2))
        with Held(lambda: desk.call_next(one, by=SYSTEM)) as slow:
            desk.call_next(two, by=SYSTEM)
            assert said(tv, 1) == ["Nomor antrian, A, nol nol dua, silakan ke loket dua"]
            slow.let_go()
        assert said(tv, 2)[1] == ONE

    def test_a_recall_is_said_again_and_a_reload_repeats_nothing(self, screens, office):
        tv = screens.tv(office)
        connected(tv)
        ticket = call(office)
        assert said(tv, 1) == [ONE]
        heard(tv, 8)
        desk.recall(Ticket.objects.get(pk=ticket.pk), by=SYSTEM)
        assert said(tv, 2) == [ONE, ONE]
        tv.reload()
        connected(tv)
        tv.wait_for_timeout(1500)
        assert said(tv, 0) == []
        desk.recall(Ticket.objects.get(pk=ticket.pk), by=SYSTEM)
        assert said(tv, 1) == [ONE]

    def test_a_tv_that_is_switched_on_does_not_repeat_what_was_called_before(self, screens, office):
        call(office)
        tv = screens.tv(office)
        connected(tv)
        tv.wait_for_timeout(1500)
        assert said(tv, 0) == []

    def test_english_follows_where_the_office_wants_it(self, screens, office):
        rules(office, voice_english=True)
        tv = screens.tv(office)
        connected(tv)
        ticket = call(office)
        sounds = heard(tv, 15)
        assert names(sounds) == ["chime", *expected(ticket, 1), *expected(ticket, 1, "en")]

    def test_the_rule_of_the_office_decides_without_a_reload(self, screens, office):
        tv = screens.tv(office)
        connected(tv)
        rules(office, voice="chime")
        call(office, 1)
        assert names(heard(tv, 1)) == ["chime"]
        rules(office, voice="browser")
        call(office, 2)
        assert said(tv, 2)[1].endswith("loket dua")
        expect_spoken(tv, ["Nomor antrian, A, nol nol dua, silakan ke loket dua"])
        rules(office, voice="none")
        desk.recall(Ticket.objects.get(number=2), by=SYSTEM)
        tv.wait_for_timeout(1500)
        assert len(said(tv, 2)) == 2
        assert names(heard(tv, 2)) == ["chime", "chime"]

    def test_a_recording_that_is_missing_leaves_the_call_to_the_browsers_voice(self, screens, office):
        tv = screens.tv(office, goto="")
        tv.route("**/audio/id/satu*.mp3", lambda route: route.abort())
        tv.goto("/layar/")
        connected(tv)
        call(office)
        expect_spoken(tv, [ONE])
        assert names(heard(tv, 1)) == ["chime"]

    def test_with_no_voice_at_all_there_is_the_chime_and_the_office_is_told(self, screens, office):
        tv = screens.tv(office, goto="")
        tv.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined})")
        tv.route("**/audio/**", lambda route: route.abort())
        tv.goto("/layar/")
        connected(tv)
        call(office)
        assert names(heard(tv, 1)) == ["chime"]
        assert_fault(tv, "tidak dapat diputar")

    def test_every_recording_can_be_decoded_and_is_heard(self, screens, office):
        tv = screens.tv(office)
        quiet = tv.evaluate("""async () => {
            const files = JSON.parse(document.querySelector('[data-recordings]').dataset.recordings);
            const audio = new OfflineAudioContext(1, 1, 44100);
            const found = [];
            for (const [name, url] of Object.entries(files)) {
                const sound = await audio.decodeAudioData(await (await fetch(url)).arrayBuffer());
                const samples = sound.getChannelData(0);
                const loud = Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / samples.length);
                if (loud < 0.04 || sound.duration < 0.1 || sound.duration > 2) found.push([name, loud, sound.duration]);
            }
            return {count: Object.keys(files).length, found};
        }""")
        assert quiet == {"count": len(speech.recordings()), "found": []}


def expect_spoken(tv: Page, texts: list[str]) -> None:
    """What was left to the browser's own voice."""
    for _look in range(100):
        if len(tv.evaluate("window.__spoken")) >= len(texts):
            break
        tv.wait_for_timeout(100)
    assert tv.evaluate("window.__spoken") == texts


def assert_fault(tv: Page, words: str) -> None:
    """The office knows this of the TV; "" for none."""
    for _look in range(80):
        fault = Device.objects.get(purpose="display").fault
        if (words and words in fault) or (not words and not fault):
            return
        tv.wait_for_timeout(100)  # unlike time.sleep() it lets the page's requests pass
    raise AssertionError(fault)


LOCKED = """(() => {
  // As on a TV nobody has touched: the sound stays locked until a click.
  const resume = AudioContext.prototype.resume;
  let touched = false;
  Object.defineProperty(AudioContext.prototype, 'state', {get() { return touched ? 'running' : 'suspended'; }});
  AudioContext.prototype.resume = function () { touched = touched || navigator.userActivation.isActive; return resume.call(this); };
})()"""


class TestLockedSound:
    def test_the_banner_unlocks_it_and_the_office_hears_of_a_tv_that_stays_locked(self, screens, office):
        tv = screens.tv(office, goto="")
        tv.add_init_script(LOCKED)
        tv.clock.install()
        tv.goto("/layar/")
        banner = tv.locator("[data-sound-banner]")
        expect(banner).to_be_visible()
        tv.clock.run_for(50_000)
        assert Device.objects.get(purpose="display").fault == ""
        tv.clock.run_for(25_000)
        assert_fault(tv, "Ketuk layar TV")
        tv.get_by_role("button", name="Aktifkan suara").click()
        expect(banner).to_be_hidden()
        assert_fault(tv, "")

    def test_a_fault_from_before_is_taken_back_when_the_tv_comes_up_with_sound(self, screens, office):
        tv = screens.tv(office, goto="")
        report_fault(Device.objects.get(purpose="display"), fault="Suara belum aktif.", by=SYSTEM)
        tv.goto("/layar/")
        connected(tv)
        assert_fault(tv, "")


class TestHealing:
    def test_a_new_release_is_loaded_by_the_tv_itself(self, screens, office, settings, tmp_path):
        tv = screens.tv(office)
        connected(tv)
        before = tv.locator("body").get_attribute("data-release")
        screens.server.stop()
        (tmp_path / "new.css").write_text("/* another release */")
        settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path]
        release.release.cache_clear()
        try:
            screens.server.start()
            after = release.release()
            assert after != before
            expect(tv.locator(f"body[data-release='{after}']")).to_be_attached(timeout=40_000)
            connected(tv)
            call(office)
            assert said(tv, 1) == [ONE]
        finally:
            release.release.cache_clear()

    def test_a_call_made_while_the_tv_was_cut_off_is_said_when_it_is_back(self, screens, office):
        tv = screens.tv(office)
        connected(tv)
        screens.server.stop()
        call(office)
        screens.server.start()
        connected(tv)
        assert said(tv, 1) == [ONE]

    def test_an_event_that_comes_while_the_board_is_being_fetched_is_not_lost(self, screens, office):
        tv = screens.tv(office)
        connected(tv)
        tv.wait_for_timeout(800)  # the refetch after connecting

        def slowly(route):
            answer = route.fetch()
            call(office, 2)  # the answer on its way does not know of this one
            tv.wait_for_timeout(1000)
            route.fulfill(response=answer)

        tv.route("**/layar/", slowly, times=1)
        call(office, 1)
        expect(tv.locator("[data-now=A002]")).to_be_visible(timeout=5000)
        assert len(said(tv, 2)) == 2
