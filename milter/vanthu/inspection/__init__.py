"""Inspection: the one imperative function that takes a mail to its answer."""
