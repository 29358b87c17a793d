"""Archives of e-mail: messages as records, wherever they are kept."""
