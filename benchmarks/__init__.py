"""Measurements, each against a floor that is taken in the same run on the same servers.

`python -m benchmarks` prints them as a table and keeps them in results/latest.json.
"""
