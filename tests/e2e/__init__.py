"""The sample municipality as its users see it; ``python -m tests.e2e``."""
