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
from library.models.notices import LoanNotice
from library.models.use import LibraryUse, ScanRequest, ScanStep
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
    "LoanNotice",
    "LoanStep",
    "Publication",
    "Region",
    "ScanRequest",
    "ScanStep",
    "SearchTally",
    "Series",
    "Subject",
    "Word",
]
