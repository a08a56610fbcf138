"""The standards editor: versions, drafts, words beside rules, comparing, review and decree."""
