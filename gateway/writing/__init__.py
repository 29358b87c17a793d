"""Writing: what a body asks for, as changes of the source that owns it, done once or not at all."""
