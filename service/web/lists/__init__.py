"""Teachers' lists: resources in an order with notes, to be shared by link and printed."""
