"""REST (DESIGN section 7): the owner's paths, JSON only, and what lies under /api/v1/.

Each view names the access class of each of its methods and calls the same functions of the
nouns as SOAP, pages and the command line do. Errors are DeviceErrors, mapped in errors alone.
"""
