"""Live market data: collectors that bring real venues into the store and keep it up to date."""
