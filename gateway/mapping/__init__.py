"""The rule language: from one rule the gateway reads a field and pushes a filter on it down."""
