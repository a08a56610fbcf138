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
from library.models.digital import DigitalCopy, DigitalPage, DigitalStep
from library.models.handed import CopyLink, ExcerptRequest, ExcerptStep, MarkedCopy, TermsAcceptance
from library.models.imports import CatalogueSource, Import, ImportRow, ImportStep, SourceRecord
from library.models.notices import LoanNotice
from library.models.release import AccessChange
from library.models.statistics import PublicationUse
from library.models.stock import StockDifference, StockScan, StockTake
from library.models.use import LibraryUse, ScanRequest, ScanStep
from library.models.words import SearchTally, Word

__all__ = [
    "Abbreviation",
    "AccessChange",
    "CatalogueSource",
    "Copy",
    "CopyLink",
    "DigitalCopy",
    "DigitalPage",
    "DigitalStep",
    "ExcerptRequest",
    "ExcerptStep",
    "Frequency",
    "Hold",
    "HoldStep",
    "Import",
    "ImportRow",
    "ImportStep",
    "LendingRules",
    "LibraryUse",
    "Loan",
    "LoanNotice",
    "LoanStep",
    "MarkedCopy",
    "Publication",
    "PublicationUse",
    "Region",
    "ScanRequest",
    "ScanStep",
    "SearchTally",
    "Series",
    "SourceRecord",
    "StockDifference",
    "StockScan",
    "StockTake",
    "Subject",
    "TermsAcceptance",
    "Word",
]
