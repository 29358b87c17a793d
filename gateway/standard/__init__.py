"""The Klantinteracties contract as data: what exists, how it hangs together, how it is asked."""
