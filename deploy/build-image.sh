#!/bin/sh
# A container image of the service on a machine without a Docker daemon and without a registry:
# a Debian base by mmdebstrap, the image by buildah with chroot isolation. As root:
#
#   apt-get install -y --no-install-recommends mmdebstrap buildah podman runc crun uidmap slirp4netns
#   deploy/build-image.sh artifacts/bento/havoc.bento [NAME]        # NAME: localhost/havoc:latest
#   deploy/run-image.sh NAME
#
# Packages are installed here, with this machine's pip settings, and copied in: the build itself
# needs no network. With a Docker daemon, `bentoml containerize havoc:TAG` does the same.
set -eu

bento=${1:?usage: deploy/build-image.sh FILE.bento [NAME]}
name=${2:-localhost/havoc:latest}
here=$(cd "$(dirname "$0")" && pwd)
work=${HAVOC_IMAGE_WORK:-"$here/../logs/image"}
python=${PYTHON:-python3.11}
suite=bookworm # its Python is 3.11, that of the packages below

test -f "$bento" || { echo "$bento: no such bento; run the step 'bento'" >&2; exit 2; }
for tool in mmdebstrap buildah; do
  command -v "$tool" >/dev/null || { echo "$tool is missing; see the head of $0" >&2; exit 2; }
done
mkdir -p "$work/context"
export CONTAINERS_CONF="$here/containers.conf" BUILDAH_ISOLATION=chroot

if ! test -f "$work/base.tar"; then
  echo "== base system"
  mmdebstrap --format=tar --variant=minbase --include=python3,ca-certificates,libgomp1 "$suite" "$work/base.tar.partial"
  mv "$work/base.tar.partial" "$work/base.tar"
fi

echo "== bento"
rm -rf "$work/context/bento"
mkdir "$work/context/bento"
tar -xf "$bento" -C "$work/context/bento"
chmod -R a+rX "$work/context/bento" # the store keeps models for its owner alone

lock=$(sha256sum "$work/context/bento/src/requirements-serve.txt" | cut -c1-16)
if ! test -f "$work/context/packages/.$lock"; then
  echo "== packages"
  rm -rf "$work/context/packages"
  "$python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-compile \
    --target "$work/context/packages" -r "$work/context/bento/src/requirements-serve.txt"
  touch "$work/context/packages/.$lock"
fi

echo "== image"
ln -f "$work/base.tar" "$work/context/base.tar" 2>/dev/null || cp "$work/base.tar" "$work/context/base.tar"
buildah build --isolation chroot --layers=false -t "$name" -f "$here/Containerfile" "$work/context"
buildah images "$name"
