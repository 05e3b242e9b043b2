"""What `kubectl get` prints, from what the server prints: aligned columns, rows, ages. Pure."""
