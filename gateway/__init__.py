"""The Klantinteracties gateway: one register as a façade over the systems that own the data."""

__version__ = "0.1.0"
