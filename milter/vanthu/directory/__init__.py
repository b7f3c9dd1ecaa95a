"""The register of agencies and their mailboxes: who is who, and which outside mailboxes officials declared."""
