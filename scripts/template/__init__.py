"""Build workbooks/rekentool.xlsx from its description (workbooks/bron/) and the mapping (mappings/rekentool.yaml)."""
