"""Train the choices of the headline, the sectors, kinds and statuses from documents with coders' answers."""
