"""All of a trust's data in one archive of open formats, made by the worker."""
