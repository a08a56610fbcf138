"""Where the reader's tests find their texts, and how they look at the result."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from services.offices.reader import ParsedStandard, derive_rules, read_standard

DEMO = Path(__file__).parents[2] / "services" / "offices" / "demo"
FIXTURES = Path(__file__).parent / "fixtures"
SEEDS = {"KL": "000", "KK": "001", "BT": "002", "TR": "003", "SW": "004"}


def seed_text(short: str) -> str:
    """One of the five real published standards, byte for byte."""
    return next(DEMO.glob(f"{SEEDS[short]}_*.txt")).read_bytes().decode()


def seed(short: str) -> ParsedStandard:
    return read_standard(seed_text(short))


def fixture(name: str) -> ParsedStandard:
    return read_standard((FIXTURES / f"{name}.txt").read_bytes())


def rules(parsed: ParsedStandard) -> dict[str, Any]:
    return {rule.key: rule.value for rule in derive_rules(parsed)}


def kinds(parsed: ParsedStandard) -> list[str]:
    return [step["kind"] for step in rules(parsed)["steps"]]


def shape(parsed: ParsedStandard) -> list[tuple[str, str, str, str]]:
    return [(i.section, i.channel, i.label, i.text) for i in parsed.items]


def channels(parsed: ParsedStandard, section: str) -> str:
    """'oooonn': the channels of a section's items in order (o on-site, n on-line, b both)."""
    letters = {"onsite": "o", "online": "n", "both": "b"}
    return "".join(letters[i.channel] for i in parsed.items if i.section == section)


def words(*texts: str) -> Counter[str]:
    return Counter(word for text in texts for word in re.findall(r"\w+", text))


def accounted(parsed: ParsedStandard) -> Counter[str]:
    """The words of everything the reader put somewhere; an empty ``after`` marks a piece left out."""
    return words(
        *(i.source for i in parsed.items),
        *(f.text for f in parsed.framework),
        *(u.text for u in parsed.unplaced),
        *(c.before for c in parsed.corrections if not c.after),
    )
