"""Who forwards where: aliases, .forward files and Sieve scripts, read where they lie; direct and by chains."""
