"""The reports, a module each."""

from pst.reports.kinds import complaints, consultations, downloads, library, loans, queue, visits

REPORTS = (
    visits.REPORT,
    queue.REPORT,
    library.REPORT,
    loans.REPORT,
    downloads.REPORT,
    consultations.REPORT,
    complaints.REPORT,
)
