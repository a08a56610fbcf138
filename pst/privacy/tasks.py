"""Every night what is kept too long is emptied or deleted."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from pst.privacy import retention

log = logging.getLogger(__name__)


@app.periodic(cron="10 19 * * *")  # UTC: 02:10 in the west, 04:10 in the east of Indonesia
@app.task
def keep_no_longer(timestamp: int) -> None:
    """Applies retention.toml; running twice does no harm."""
    for table, count in retention.run().items():
        log.info("%s: %d rows older than their time emptied or deleted", table, count)
