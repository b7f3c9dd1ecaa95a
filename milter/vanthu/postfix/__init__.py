"""The Postfix that asks us: its hold queue, its configuration, and what in it makes the filter unsafe."""
