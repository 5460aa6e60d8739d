"""The only SQL of the dashboard: questions to the published file, each answered as a data frame.

Unless said otherwise an answer holds what is current (`recorded_to is null`) and whole figures (all of every dimension). Frames keep
DuckDB's types: whole numbers stay whole, money stays decimal, null stays null.

In all questions `country` is a code or `all`; `period` is `to-date`, a year or a part of one; `programmes` are ids; `programme` is an id, or
`all` for all but the synthetic ones: what is invented is never added to what was reported.
"""
