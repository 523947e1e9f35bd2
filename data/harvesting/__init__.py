"""Other systems' records → the catalogue; the one room that asks other hosts for anything."""
