"""The store: instruments, candles with their corrections, events, in SQLite or PostgreSQL."""
