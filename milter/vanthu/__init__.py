"""vanthu: the clerk at the mail gate (văn thư: who registers and dispatches an office's letters)."""

__version__ = "0.1.0"
