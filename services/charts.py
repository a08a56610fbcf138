"""The numbers behind templates/components/chart_bar.svg."""

from __future__ import annotations

from django.utils.formats import localize


def _in_digits(value: float) -> str:
    """As the language writes it: 3,75."""
    return str(int(value)) if value == int(value) else str(localize(round(value, 2), use_l10n=True))


def ticks(top: float, height: int, bottom: int) -> list[dict]:
    rows = [(top * i / 4, bottom - round(height * i / 4)) for i in range(5)]
    return [{"y": y, "text_y": y + 4, "text": _in_digits(value)} for value, y in rows]


def round_top(most: float) -> int:
    """The axis ends at a number that four steps divide well: 4, 8, 20, 40, 80, 200 …"""
    top = 4
    while top < most:
        top = top * 5 // 2 if str(top)[0] == "8" else top * 2
    return top


def bar_chart(chart_id: str, title: str, desc: str, values: list[tuple[str, float]], top: float) -> dict:
    """What components/chart_bar.svg draws, from (label, value) pairs."""
    width, height, left, bottom, plot = 640, 300, 44, 260, 225
    step = (width - left - 12) / len(values)
    bars = []
    for index, (label, value) in enumerate(values):
        size = round(plot * value / top, 1)
        x = round(left + step * index + step * 0.2, 1)
        bars.append(
            {
                "x": x, "y": bottom - size, "width": round(step * 0.6, 1), "height": size, "cx": round(x + step * 0.3, 1),
                "label": label, "value": _in_digits(value), "value_y": bottom - size - 7, "series": 1,
            }
        )  # fmt: skip
    return {
        "id": chart_id, "title": title, "desc": desc, "width": width, "height": height, "left": left, "right": width - 12,
        "bottom": bottom, "label_y": bottom + 22, "tick_x": left - 8, "ticks": ticks(top, plot, bottom), "bars": bars,
    }  # fmt: skip
