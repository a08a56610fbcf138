"""Everything that changes a complaint. Reading order: lodging, handling, complainant, ending."""
