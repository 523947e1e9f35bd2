"""Between frameworks: what corresponds, and where that leads resources."""
