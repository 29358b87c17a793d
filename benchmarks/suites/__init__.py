"""What is measured: each suite gives figures, which ``targets.toml`` says how to judge."""
