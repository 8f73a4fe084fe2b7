"""The compiled inner loops of the book; nothing here is public."""
