"""The limited process that parses uploads: it is started as a program and never imported by the server."""
