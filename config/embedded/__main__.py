"""`python -m config.embedded` becomes the keeper; `python -m config.embedded stop` ends it."""

import sys

from config.embedded import joining, keeper
from config.embedded.places import Unavailable


def main(stop: bool) -> int:
    if not stop:
        return keeper.keep()
    joining.stop()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(stop=sys.argv[1:] == ["stop"]))
    except Unavailable as error:
        sys.exit(str(error))
