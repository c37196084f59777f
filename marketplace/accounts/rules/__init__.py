"""Pure rules of accounts: names, codes, regions, throttling."""
