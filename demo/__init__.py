"""The sample municipality of Zilverdam: a legacy KCC database and a REST service on its rows."""
