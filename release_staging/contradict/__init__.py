"""Binding evidence to one candidate, and detecting contradictions."""
