"""The reports, a module each."""

from pst.reports.kinds import visits

REPORTS = (visits.REPORT,)
