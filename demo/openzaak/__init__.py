"""A fake Open Zaak: strict, in memory, with the same sample data every time."""
