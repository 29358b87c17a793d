"""The KCC database of the sample municipality: its tables, its rows and its SQLite file."""
