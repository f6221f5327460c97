"""The files of a release and the exports, one format a module."""
