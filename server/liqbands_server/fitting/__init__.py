"""Fits run: markets simulated and judged on several processes, results put into words and files."""
