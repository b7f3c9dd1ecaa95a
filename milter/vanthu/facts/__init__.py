"""Facts: everything the rules may look at, and nothing else."""
