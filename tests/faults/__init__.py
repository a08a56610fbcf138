"""A whole office of a test's own that may be broken: database cluster, server process, network, paired tablets."""
