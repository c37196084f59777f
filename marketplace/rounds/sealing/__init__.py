"""Sealing: keys, envelopes, sealed files, receipts and the public manifest; values in, values out."""
