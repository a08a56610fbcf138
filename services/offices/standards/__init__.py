"""A standard from draft to decree: making drafts, editing text and rules together, review, publishing, comparing."""
