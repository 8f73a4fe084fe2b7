"""The simulated exchange, played in real time into the store."""
