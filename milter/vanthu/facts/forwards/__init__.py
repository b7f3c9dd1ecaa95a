"""The parts of the forward recogniser (``vanthu.facts.forward`` puts them together)."""
