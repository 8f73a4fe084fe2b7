"""What the engine says about what the store holds: the answers behind every surface."""
