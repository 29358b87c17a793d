"""The gateway before sources that fail, over real connections; see ``bench``."""
