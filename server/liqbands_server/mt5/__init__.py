"""MetaTrader 5: frames for its indicator, the table of names, and its broker's candles."""
