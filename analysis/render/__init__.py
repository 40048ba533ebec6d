"""Values made visible: tables, figures, the report."""
