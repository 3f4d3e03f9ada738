"""Tasks, harness and reports: does HAVOC do what was meant?"""
