"""The adapter kit: on what is shipped, and on adapters that break their word."""
