"""The parts that pages are made of: filters, cards, figures, maps, tables, downloads and the words of five languages."""
