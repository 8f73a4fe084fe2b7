"""Fits the model's settings to simulated markets whose every position is known."""
