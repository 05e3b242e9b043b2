"""What is collected: one module, one task."""
