"""What people type, read for its meaning."""
