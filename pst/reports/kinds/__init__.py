"""The reports, a module each."""

from pst.reports.kinds import devices, personal_data, queue, ratings, skd, skm, visits, workload

REPORTS = (
    visits.REPORT, queue.REPORT, ratings.REPORT, skm.REPORT, skd.REPORT, workload.REPORT, devices.REPORT, personal_data.REPORT,
)  # fmt: skip
