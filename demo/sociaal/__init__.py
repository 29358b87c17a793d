"""The contact register of the social domain: its tables, its rows and its SQLite file."""
