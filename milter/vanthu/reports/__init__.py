"""Reports from the store: what the agencies did in a month, and who does not use his mailbox."""
