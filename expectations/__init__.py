"""What a report may plausibly say: the rules between the figures of one row, judged before the row is kept."""
