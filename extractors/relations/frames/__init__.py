"""Acts told in running text: triggers, who does what with whom, and how sure that is."""
