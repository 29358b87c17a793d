"""A fake Objecten API: strict, in memory, with the same call-back tasks every time."""
