"""Regions tables in, results tables out."""
