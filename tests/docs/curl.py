"""As much of curl as the guides use, so that their lines run on machines without it."""

import argparse
import sys
import urllib.error
import urllib.request


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-f", action="store_true")
    parser.add_argument("-H", action="append", default=[])
    parser.add_argument("-X", default=None)
    parser.add_argument("-d", default=None)
    parser.add_argument("url")
    asked = parser.parse_args()
    request = urllib.request.Request(
        asked.url, data=asked.d.encode() if asked.d else None, method=asked.X
    )
    for header in asked.H:
        name, _, value = header.partition(":")
        request.add_header(name, value.strip())
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            sys.stdout.write(answer.read().decode())
    except urllib.error.HTTPError as error:
        sys.stderr.write(f"{error.code}: {error.read().decode()}\n")
        return 22 if asked.f else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
