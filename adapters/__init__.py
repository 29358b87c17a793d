"""One module per kind of source system; ``base`` is the contract that each of them keeps."""
