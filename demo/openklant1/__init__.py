"""A fake Open Klant 1: strict, in memory, with the same sample data every time."""
