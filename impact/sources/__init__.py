"""Reading published files: header contracts, symbols, labels of years, and bulk loading."""
