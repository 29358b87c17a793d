"""The Klanten and Contactmomenten APIs, version 1: what Open Klant 1 and the e-Suite share."""
