"""The synthetic sample: two years of reports of the programme SAMPLE, as 60 municipalities of both countries might have sent them.

Nothing in it is true of any place: names of employers, grantees and providers say that they are examples. The same seed gives the same files.
"""

from munimon.sample.reports import SampleFile, write_sample

__all__ = ["SampleFile", "write_sample"]
