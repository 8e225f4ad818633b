"""Formulas to values: engines that don't know each other, behind one protocol, and the comparison of what they say."""
