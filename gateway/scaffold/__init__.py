"""A package for a system that is to be a source: adapter, mapping, samples and tests.

It is made from templates, and passes the adapter kit as it is: a supplier begins with what works,
and changes it step by step.
"""

from gateway.scaffold.package import KINDS, Kind, files

__all__ = ["KINDS", "Kind", "files"]
