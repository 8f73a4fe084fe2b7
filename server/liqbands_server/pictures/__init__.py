"""Still pictures of what the engine hands out: the heatmap through time and the map of one book.

Only this package knows matplotlib; it is imported when a picture is drawn, never before.
"""
