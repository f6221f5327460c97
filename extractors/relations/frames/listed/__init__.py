"""Acts in tables, lists, slides and fact sheets."""
