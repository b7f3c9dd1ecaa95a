"""Settings: the one file that tells an installation what it is (vanthu.yaml)."""
