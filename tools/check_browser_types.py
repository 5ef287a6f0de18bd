"""Checks the types in passport/web/js: plain JavaScript, with JSDoc, held to TypeScript's rules."""

import sys

from tools.browser_parts import BuildError, check_types
from tools.build import ROOT

if __name__ == "__main__":
    try:
        sys.exit(check_types(ROOT) or 0)
    except BuildError as error:
        sys.exit(str(error))
