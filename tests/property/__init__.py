"""Laws that hold for all inputs, checked on random ones."""
