"""Fill, recompute, read and check Excel workbooks through a declarative mapping."""
