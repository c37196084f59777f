"""The three lists: intakes on their way in, series and their frozen editions, items and their versions."""
