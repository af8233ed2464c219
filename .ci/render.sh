#!/bin/sh
# Renders the compiled skills with npm's commonmark and markdown-it, in a scratch folder; see render.mjs.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
npm install --prefix "$scratch" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error commonmark@0.31.2 markdown-it@14.1.0 >/dev/null
node .ci/render.mjs "$scratch" "${1:-dist}"
