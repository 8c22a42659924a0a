"""Prompt templates and worked examples, one folder a kind of brief. Data only."""
