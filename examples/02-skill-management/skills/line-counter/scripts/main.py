import argparse

parser = argparse.ArgumentParser(description="Counts the lines of a text file.")
parser.add_argument("path", help="the file")
parser.add_argument("--skip-empty", action="store_true", help="do not count empty lines")
options = parser.parse_args()

with open(options.path, encoding="utf-8") as file:
    print(sum(1 for line in file if line.strip() or not options.skip_empty))
