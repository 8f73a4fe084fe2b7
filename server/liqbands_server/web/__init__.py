"""The web application: wiring, errors, health, metrics and the front page."""
