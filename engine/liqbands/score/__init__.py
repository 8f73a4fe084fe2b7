"""The scorecard: how right a liquidation map was, against truth and against what happened."""
