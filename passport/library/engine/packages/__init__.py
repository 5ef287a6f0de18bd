"""Packages made elsewhere: HTML5, H5P, SCORM, cmi5 and EPUB, read without trusting them."""
