"""What is measured and what it is measured against, each started as a process of its own."""
