"""Renders the TV's words with espeak-ng into static/audio/. Only needed to make them anew; see docs/voice.md."""

from __future__ import annotations

import array
import math
import subprocess
import tempfile
import wave
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from queueing import speech

VOICES = {"id": "id", "en": "en-gb"}
WORDS_A_MINUTE = {"id": "135", "en": "140"}
AUDIO = settings.BASE_DIR / "static" / "audio"
# Loudness of the spoken part and the highest peak, as shares of full scale (−17 dBFS and −1 dBFS).
LOUDNESS, PEAK = 0.14, 0.89
SILENT = 0.008
# Kept before and after the word, and faded, so that joining makes no click.
EDGE = 0.012


class Command(BaseCommand):
    help = "Render the words of the TV's calls with espeak-ng and lame (both must be installed)."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--into", type=Path, default=AUDIO, help="folder with id/ and en/")

    def handle(self, *args, into: Path, **options) -> None:
        total = 0
        for language in speech.PHRASES:
            for word in speech.vocabulary(language):
                target = into / f"{speech.segment(language, word)}.mp3"
                target.parent.mkdir(parents=True, exist_ok=True)
                self._render(language, word, target)
                total += target.stat().st_size
        self.stdout.write(f"{len(speech.recordings())} recordings, {total // 1024} KB, in {into}")

    def _render(self, language: str, word: str, target: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            spoken, levelled = Path(folder, "spoken.wav"), Path(folder, "levelled.wav")
            # A comma lets the voice stay up, as it does before a number.
            text = f"{word}," if " " in word else word
            speed = WORDS_A_MINUTE[language]
            _run("espeak-ng", "-v", VOICES[language], "-s", speed, "-w", str(spoken), text)
            level(spoken, levelled)
            _run("lame", "--quiet", "-m", "m", "-b", "40", "--noreplaygain", str(levelled), str(target))


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    except FileNotFoundError:
        raise CommandError(f"{command[0]} is not installed: apt-get install espeak-ng lame") from None
    except subprocess.CalledProcessError as failed:
        raise CommandError(f"{' '.join(command)}: {failed.stderr.strip()}") from failed


def level(source: Path, target: Path) -> None:
    """Cut the silence off both ends and bring the word to one loudness with all the others."""
    with wave.open(str(source)) as sound:
        rate = sound.getframerate()
        samples = array.array("h", sound.readframes(sound.getnframes()))
    loud = [n for n, value in enumerate(samples) if abs(value) > SILENT * 32768]
    if not loud:
        raise CommandError(f"nothing is heard in {source}")
    edge = int(EDGE * rate)
    part = samples[max(0, loud[0] - edge) : loud[-1] + edge]
    strength = math.sqrt(sum(v * v for v in part) / len(part)) / 32768
    gain = min(LOUDNESS / strength, PEAK * 32768 / max(abs(v) for v in part))
    fade = min(edge, len(part) // 4)
    shaped = array.array(
        "h", (round(v * gain * min(1, n / fade, (len(part) - 1 - n) / fade)) for n, v in enumerate(part))
    )
    with wave.open(str(target), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(shaped.tobytes())
