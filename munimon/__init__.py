"""The front door of the programme monitoring warehouse: commands, settings and the order of the steps."""

__version__ = "0.1.0"
