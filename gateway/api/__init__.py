"""HTTP in and out: routes, parameters, problem answers. Knows the standard and the register."""
