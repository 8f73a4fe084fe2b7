"""The scorecard: models measured on recorded and simulated markets, ready to be printed."""
