"""A fake e-Suite: strict, in memory, with the same sample data every time."""
