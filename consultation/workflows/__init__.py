"""Everything that changes a consultation. Reading order: opening, thread, assigning, ending, onsite."""
