"""The published Python client of the Klantinteracties API, unchanged, against the demo."""
