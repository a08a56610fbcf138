"""What the worker does: reports whose period has ended."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from pst.reports import scheduling

log = logging.getLogger(__name__)


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="reports.due")
def send_reports(timestamp: int) -> None:
    """Every hour: an office's midnight is its own."""
    if sent := scheduling.send_due():
        log.info("%d reports issued by schedule", sent)
