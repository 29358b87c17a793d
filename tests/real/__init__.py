"""What can be asked of a system itself, to see that its fake does as it does. See each module."""
