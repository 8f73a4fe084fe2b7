"""Levels for TradingView.com: encodes bands as the text a Pine script reads."""
