"""JSON routes by resource: parse, call, answer."""
