"""The certificate as a document: typst template, fonts, QR code."""
