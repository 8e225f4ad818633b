"""What the cells of a workbook mean: the mapping file, its typed form, and its binding to a workbook.

``schema`` holds the frozen types, ``load`` reads the YAML, ``values`` coerces text and cells to typed values and
back, ``bind`` finds the cells in a workbook, ``kengetal`` reads the dated figures.
"""
