"""A report in: from the file as it was sent to typed rows, findings and the ledger."""
