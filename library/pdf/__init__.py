"""PDF files: checked, normalised, drawn, stamped, cut. Everything that opens one does so in a process of its own, under
limits, because PDF libraries crash and swell on broken or hostile files (docs/decisions/024)."""
