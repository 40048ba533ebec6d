"""One self-contained HTML page of tables, still figures and interactive charts."""
