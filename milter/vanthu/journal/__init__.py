"""The journal: the one truth of which metrics, store, notices and reports are projections."""
