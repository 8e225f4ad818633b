"""What a workbook file is: refuse it, read it, change named cells in it."""
