"""Asking the systems behind: bounded, patient where that helps, quick to give up where not."""
