#!/bin/sh
# Run the image as it should be run: no root, no capabilities, nothing writable but its state.
#
#   deploy/run-image.sh [NAME] [PORT]
#   podman exec havoc python3 -m havoc keys create plant         # a key: without one nothing can be asked
set -eu
name=${1:-localhost/havoc:latest}
port=${2:-3000}
here=$(cd "$(dirname "$0")" && pwd)
export CONTAINERS_CONF="$here/containers.conf"
exec podman run --detach --replace --name havoc \
  --publish "127.0.0.1:$port:3000" \
  --read-only --tmpfs /tmp:rw,size=512m --volume havoc-state:/state \
  --cap-drop all --security-opt no-new-privileges \
  --health-cmd "python3 -c 'import urllib.request as u; u.urlopen(\"http://127.0.0.1:3000/readyz\")'" \
  --health-interval 30s --health-start-period 60s \
  --stop-timeout 90 \
  "$name"
