"""The e-mail archive of the sample municipality: what its residents wrote, and the answers."""
