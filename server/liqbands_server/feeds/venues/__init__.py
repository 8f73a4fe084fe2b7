"""One small class per venue: what it says on the wire, and what that means."""
