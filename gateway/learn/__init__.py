"""A first mapping from sample records: what a field means is told from its name and its values.

Nothing is decided here that a supplier does not see: each rule says whether it is sure or a guess,
and what was not recognised is named.
"""

from gateway.learn.proposal import Proposal, propose
from gateway.learn.sample import SampleError, read

__all__ = ["Proposal", "SampleError", "propose", "read"]
