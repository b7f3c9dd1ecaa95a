"""One module a step; each says what it changes and why."""
