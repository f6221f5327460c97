"""Who is meant: names no table knows, pronouns, descriptions, parties that a sentence leaves out."""
