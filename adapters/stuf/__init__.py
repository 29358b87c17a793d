"""StUF 3.01 as a source: StUF-BG 3.10, StUF-ZKN 3.10, and Zaak- en Documentservices 1.1 and 1.2.

From the wire inwards: ``documents`` reads bytes as XML within bounds, ``envelope`` is SOAP,
``questions`` and ``answers`` are the messages, ``faults`` what an answer says when it is none, and
``paths`` and ``values`` the fields in them.
"""
