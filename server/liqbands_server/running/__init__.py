"""Processes: the supervisor, the web server, the feed, what they log and how they end."""
