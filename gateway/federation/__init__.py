"""Asking the sources: plan, ask, merge, and put together what comes back."""
