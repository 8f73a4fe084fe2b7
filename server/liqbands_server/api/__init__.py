"""The HTTP API: blueprints, schemas and the formats of its answers."""
