"""What leaves the house: tables as CSV, workbooks, the record of a run. User text stays text."""
