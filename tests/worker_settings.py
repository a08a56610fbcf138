"""Settings of a worker process that tests start: with a task that can be caught in the middle.

PST_TESTS_AHEAD: by how many seconds its clock is ahead of the real one, as the clock of the test that started it is.
"""

import os
import time

from pst.settings import *  # noqa: F403

PROCRASTINATE_IMPORT_PATHS = ["tests.queueing.slow_task"]

if _ahead := os.environ.get("PST_TESTS_AHEAD"):
    import time_machine

    time_machine.travel(time.time() + float(_ahead)).start()
    time.time()  # it runs from the first look at it
