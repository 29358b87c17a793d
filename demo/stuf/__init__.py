"""Two StUF back ends of the sample municipality: persons and companies (StUF-BG), and zaken."""
