"""Policy: what the rules say of the facts."""
