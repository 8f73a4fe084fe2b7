"""The compiled loops of the simulated exchange."""
