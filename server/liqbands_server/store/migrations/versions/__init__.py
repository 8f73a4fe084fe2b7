"""The steps: one module each, never changed once released."""
