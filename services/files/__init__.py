"""Files that people send along: what they are by their content, kept unguessable, opened to nobody before they were checked."""
