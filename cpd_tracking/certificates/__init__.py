"""The certificate as a document: typst template and QR code."""
