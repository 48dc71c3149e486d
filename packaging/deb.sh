#!/bin/sh
# Builds a Debian package of Sportello into a folder: packaging/deb.sh [DIR], default artefacts/. It needs Go and dpkg-deb.
set -eu
cd "$(dirname "$0")/.."
out=${1:-artefacts}
mkdir -p "$out"
out=$(cd "$out" && pwd)
command -v dpkg-deb >/dev/null 2>&1 || {
	echo "packaging/deb.sh: dpkg-deb is missing: apt-get install dpkg" >&2
	exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

arch=$(dpkg --print-architecture)
# The version is the last tag, or 0 with the commit's time: it grows, and the same commit gives the same package.
version=$(git describe --tags --match 'v[0-9]*' 2>/dev/null | sed 's/^v//; s/-/+/g') || version=
[ -n "$version" ] || version=0~$(TZ=UTC git log -1 --date=format-local:%Y%m%d%H%M%S --format=%cd.%h)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

root=$work/root
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib/systemd/system" "$root/etc/sportello" "$root/usr/share/man/man1" \
	"$root/usr/share/bash-completion/completions" "$root/usr/share/zsh/vendor-completions" "$root/usr/share/fish/vendor_completions.d" \
	"$root/usr/share/doc/sportello/examples" "$root/usr/share/doc/sportello/pictures" "$root/usr/share/doc/sportello/templates"
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.docs=/usr/share/doc/sportello' -o "$root/usr/bin/sportello" ./cmd/sportello
"$root/usr/bin/sportello" docs "$work/docs"
for page in "$work"/docs/man/*.1; do
	gzip -9n <"$page" >"$root/usr/share/man/man1/$(basename "$page").gz"
done
install -m 644 "$work/docs/completions/sportello.bash" "$root/usr/share/bash-completion/completions/sportello"
install -m 644 "$work/docs/completions/sportello.zsh" "$root/usr/share/zsh/vendor-completions/_sportello"
install -m 644 "$work/docs/completions/sportello.fish" "$root/usr/share/fish/vendor_completions.d/sportello.fish"
install -m 644 packaging/sportello.service "$root/usr/lib/systemd/system/sportello.service"
install -m 644 packaging/guida-operatori.md packaging/prometheus-alerts.yml "$root/usr/share/doc/sportello/"
install -m 644 packaging/pictures/*.png "$root/usr/share/doc/sportello/pictures/"
# The texts are named by where they are now (cmd/sportello/texts.go does so for the program's errors).
named() {
	sed 's|packaging/pictures/|pictures/|g; s|packaging/sportello\.toml|/usr/share/doc/sportello/examples/sportello.toml|g; s|packaging/guida-operatori\.md|/usr/share/doc/sportello/guida-operatori.md|g; s|templates/README\.md|/usr/share/doc/sportello/templates/README.md|g' "$1"
}
named README.md >"$root/usr/share/doc/sportello/README.md"
# The procedures that the program has in itself, to copy from, with the text that teaches to write them.
cp -r templates/. "$root/usr/share/doc/sportello/templates/"
rm "$root/usr/share/doc/sportello/templates/embed.go"
named templates/README.md >"$root/usr/share/doc/sportello/templates/README.md"
install -m 644 LICENSE "$root/usr/share/doc/sportello/copyright"
# An example, not a conffile: it names files that only the administrator has.
sed 's|^data    = "data" |data    = "/var/lib/sportello" |' packaging/sportello.toml >"$root/usr/share/doc/sportello/examples/sportello.toml"
grep -q '^data    = "/var/lib/sportello"' "$root/usr/share/doc/sportello/examples/sportello.toml"

cat >"$root/DEBIAN/control" <<C
Package: sportello
Version: $version
Architecture: $arch
Maintainer: Sportello maintainers <sportello@example.org>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: adduser
Recommends: ca-certificates
Section: mail
Priority: optional
Description: request desk of a PEC provider
 Reads the request mailboxes of a provider of certified mail (PEC), proves who
 sent each message from the provider's signature, matches it against the
 request forms, decides, answers in three working days, and keeps the evidence.
C
cat >"$root/DEBIAN/postinst" <<'C'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
	adduser --system --group --home /var/lib/sportello --no-create-home --quiet sportello
	# Here already before the first start: who adds the first user must find whose it is.
	install -d -o sportello -g sportello -m 700 /var/lib/sportello
	chown root:sportello /etc/sportello
	chmod 750 /etc/sportello
	if [ -d /run/systemd/system ]; then
		systemctl daemon-reload
		systemctl try-restart sportello.service
	fi
	[ -e /etc/sportello/sportello.toml ] || echo "sportello: write /etc/sportello/sportello.toml (an example is in /usr/share/doc/sportello/examples), then: sportello config check && systemctl enable --now sportello"
fi
C
cat >"$root/DEBIAN/prerm" <<'C'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
	systemctl disable --now sportello.service
fi
C
cat >"$root/DEBIAN/postrm" <<'C'
#!/bin/sh
# Database and archive are evidence: not even purge removes /var/lib/sportello.
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
fi
C
chmod 755 "$root/DEBIAN/postinst" "$root/DEBIAN/prerm" "$root/DEBIAN/postrm"
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -print | sed 's|^\./||' | LC_ALL=C sort | xargs md5sum >DEBIAN/md5sums)
dpkg-deb --root-owner-group --build "$root" "$out/sportello_${version}_$arch.deb"
