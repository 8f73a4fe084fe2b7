"""TradingView's UDF protocol: nine GET endpoints that any UDF chart draws from.

Times on this wire are unix seconds, inside of it UTC milliseconds.
"""
