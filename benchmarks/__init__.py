"""Measured comparisons: what munimon costs beside the limit and beside what people use today."""
