"""Awkward PDFs, made when they are asked for; what becomes of each is said beside it."""

from tests.library.pdf.corpus import broken, hostile, laid_over, rich, shapes  # noqa: F401 - they register their cases
from tests.library.pdf.corpus.made import CASES, Case

__all__ = ["CASES", "Case"]
