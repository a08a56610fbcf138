from __future__ import annotations

import pytest

from library.digital import mark

LINES = [
    "Siti Nurhaliza binti Abdullah",
    "siti.nurhaliza@contoh.go.id",
    "BPS Kabupaten Muna",
    "22 November 2026 10.21 WITA",
]


@pytest.fixture(scope="session")
def drawn_mark() -> bytes:
    return mark.draw(LINES, serial="PST-7402-ABCD-EFGH", address="https://pst.contoh.go.id/periksa/ABCDEFGH/")
