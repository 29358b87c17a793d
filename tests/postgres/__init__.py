"""Tests that need a real PostgreSQL server: ``pytest tests/postgres -m postgres``."""
