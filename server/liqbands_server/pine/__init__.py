"""Levels for TradingView.com from the store: as text, and as a finished script."""
