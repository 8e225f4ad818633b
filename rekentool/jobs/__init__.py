"""What a person asks, one module each."""
