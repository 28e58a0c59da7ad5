"""Shuniu 枢纽: one hub for a province's government data and services."""
