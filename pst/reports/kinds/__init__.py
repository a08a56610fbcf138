"""The reports, a module each."""

from pst.reports.kinds import (
    complaints,
    consultations,
    devices,
    downloads,
    library,
    loans,
    personal_data,
    queue,
    ratings,
    skd,
    skm,
    visits,
    workload,
)

REPORTS = (
    visits.REPORT, queue.REPORT, library.REPORT, loans.REPORT, downloads.REPORT, consultations.REPORT, ratings.REPORT,
    skm.REPORT, skd.REPORT, complaints.REPORT, workload.REPORT, devices.REPORT, personal_data.REPORT,
)  # fmt: skip
