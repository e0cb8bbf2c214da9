"""Readers of sboms: software bills of materials."""
