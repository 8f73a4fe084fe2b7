"""Where settings come from, how they are checked, and how the effective ones are shown."""
