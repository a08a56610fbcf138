from library.models.catalogue import (
    Abbreviation,
    Copy,
    Frequency,
    Publication,
    Region,
    Series,
    Subject,
)
from library.models.circulation import Hold, HoldStep, LendingRules, Loan, LoanStep
from library.models.statistics import PublicationUse
from library.models.stock import StockDifference, StockScan, StockTake
from library.models.use import LibraryUse
from library.models.words import SearchTally, Word

__all__ = [
    "Abbreviation",
    "Copy",
    "Frequency",
    "Hold",
    "HoldStep",
    "LendingRules",
    "LibraryUse",
    "Loan",
    "LoanStep",
    "Publication",
    "PublicationUse",
    "Region",
    "SearchTally",
    "Series",
    "StockDifference",
    "StockScan",
    "StockTake",
    "Subject",
    "Word",
]
