"""Checks of what makes the filter safe: one small function each, whose docstring is its page in docs/doctor.md."""
