"""The hardened entry points: the only modules that touch the parsers of JSON, YAML, XML and archives.

Every byte is hostile until it came through here: size, depth, count and duplicate keys are bounded, counted on
real bytes. ``tools/check_parsers.py`` enforces that nothing else imports those parsers.
"""
