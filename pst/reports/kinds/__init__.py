"""The reports, a module each."""

from pst.reports.kinds import queue, visits

REPORTS = (visits.REPORT, queue.REPORT)
