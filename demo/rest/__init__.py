"""A plain REST service that serves the rows of the sample KCC database."""
