"""What profiles ask of this program and of the addresses that it lists."""
