"""Heatmaps for MetaTrader 5: encodes bands as the binary file an indicator reads."""
