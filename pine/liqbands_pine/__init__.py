"""Levels for TradingView.com: bands as LH1, the text that the Pine importer reads."""
