"""How the economy works: parameters, markets, contracts, mechanisms and the year."""
