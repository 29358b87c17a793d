"""What the property tests share: a reference register, questions to ask, sources to ask them of."""
