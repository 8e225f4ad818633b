"""Excel's worksheet functions, one typed function each, over all scenarios at once."""
