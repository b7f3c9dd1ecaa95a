"""Documents: what attachments say. Reading happens in sandboxed children; only values come back."""
