"""How much a PDF may be and take. What lies above is refused by name (faults.Refused); nothing here is a setting of an
installation, because the figures follow from what a publication of BPS can be and from what the machine bears."""

from __future__ import annotations

MB = 1_000_000

# The file.
FILE_BYTES = 300 * MB
PAGES = 5_000
HEADER_WITHIN = 1_024  # bytes at the beginning that must hold %PDF-
SIDE_LEAST, SIDE_MOST = 18.0, 14_400.0  # points of a page as seen: a quarter of an inch to five metres

# One child process (library/pdf/child.py).
SECONDS = 300
MEGABYTES = 1_500  # of address space
FILE_MEGABYTES = 700  # each file it writes

# What qpdf may spend on a single stream or object.
STREAM_BYTES = 256 * MB  # decoded: an A3 scan in colour at 600 dpi is 209 MB
CONTENT_BYTES = 64 * MB  # decoded, of one page's operators
FILTERS = 8
NESTING = 200
CONTAINER_ITEMS = 500_000
WARNINGS = 50_000  # a few for each page of a file of 5,000
PICTURE_POINTS = 250 * MB  # width × height: A0 at 400 dpi

# What is taken from it.
OUTLINE_ITEMS, OUTLINE_DEPTH = 2_000, 6
TITLE_LETTERS = 300
TEXT_LETTERS = 200_000  # of one page
LITTLE_TEXT = 8  # letters and digits; a page with fewer counts as one without text
URI_LETTERS = 2_000
