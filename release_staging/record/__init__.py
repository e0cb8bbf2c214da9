"""Assembling the draft from the contract; policy rules; trace; handoff."""
