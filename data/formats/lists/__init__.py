"""A teacher's list as it goes out: a table, a spreadsheet, a cartridge. None of them is read."""
