#!/bin/sh
# Every check of the project, in one command. It installs what is missing where it may (Debian, root); elsewhere it says
# exactly what to install. It never passes by leaving something out. About ten minutes on two cores, downloads included.
set -eu
cd "$(dirname "$0")/.."
exec </dev/null
export LC_ALL=C.UTF-8 CGO_ENABLED=1 # the race detector needs cgo

began=$(date +%s)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# fail ends the run with what is wrong and what to do.
fail() {
	echo "packaging/test.sh: $*" >&2
	exit 1
}

# step runs one check under its title and prints how long it took.
step() {
	title=$1
	shift
	echo "== $title"
	start=$(date +%s)
	"$@" || fail "$title: failed after $(($(date +%s) - start)) s"
	echo "== $title: ok, $(($(date +%s) - start)) s"
}

# have finds a program where Debian and others keep it, or a server's helper by its path.
have() {
	for found in "$@"; do
		if PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin command -v "$found" >/dev/null 2>&1; then
			return 0
		fi
	done
	return 1
}

# missing names the Debian packages that the tests need and this machine lacks.
missing() {
	have gcc cc || echo gcc libc6-dev
	have git || echo git
	have openssl || echo openssl
	have postfix || echo postfix
	have dovecot || echo dovecot-core
	have /usr/lib/dovecot/imap /usr/libexec/dovecot/imap || echo dovecot-imapd
	have /usr/lib/dovecot/lmtp /usr/libexec/dovecot/lmtp || echo dovecot-lmtpd
	have chromium chromium-browser google-chrome || echo chromium
	# axe-core, which looks at every page for barriers, is fetched by npm into a temporary folder.
	[ -f "${TMPDIR:-/tmp}/sportello-axe/node_modules/axe-core/axe.min.js" ] || have npm || echo npm
}

# The servers are wanted for their programs: the tests start their own, so Debian's must not start (RUNLEVEL=1), and
# postfix's questions are answered by their defaults.
apt_install() {
	export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends "$@"
}

install_missing() {
	packages=$(missing | tr '\n' ' ')
	packages=${packages% }
	[ -n "$packages" ] || return 0
	if [ "$(id -u)" != 0 ] || ! have apt-get; then
		fail "install these Debian packages (or your system's like them) and run again: $packages
  sudo apt-get install --no-install-recommends $packages"
	fi
	# shellcheck disable=SC2086 # a list of words
	apt_install $packages
	packages=$(missing | tr '\n' ' ')
	[ -z "$packages" ] || fail "still missing after apt-get install: $packages"
}

formatted() {
	unformatted=$(gofmt -l .)
	[ -z "$unformatted" ] || {
		echo "run gofmt -w on:" "$unformatted" >&2
		return 1
	}
}

# The seconds that all fuzz targets together may take, shared out among them.
fuzz_seconds=120

fuzz_all() {
	grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u >"$work/dirs"
	: >"$work/targets"
	while read -r dir; do
		go test -list '^Fuzz' "$dir" | grep '^Fuzz' | sed "s|^|$dir |" >>"$work/targets"
	done <"$work/dirs"
	count=$(wc -l <"$work/targets")
	[ "$count" -gt 0 ] || {
		echo "no fuzz target found" >&2
		return 1
	}
	each=$((fuzz_seconds / count))
	[ "$each" -le 5 ] || each=5
	[ "$each" -ge 1 ] || each=1
	echo "$count targets, ${each} s each"
	while read -r dir target; do
		fuzz_one "$dir" "$target" || return 1
	done <"$work/targets"
}

# fuzz_one fuzzes one target; the limit holds the building too. Go sometimes reports the end of its own time as a failure (golang/go#75804): without a
# failing input that is tried once more. An input that is new is made smaller in ten tries; Go would spend its minute on each.
fuzz_one() {
	for try in 1 2; do
		if timeout 240 go test -run '^$' -fuzz "^$2\$" -fuzztime "${each}s" -fuzzminimizetime 10x -parallel 2 "$1" >"$work/fuzz" 2>&1; then
			sed -n '/^ok/p' "$work/fuzz" | sed "s|^|$2: |"
			return 0
		fi
		if [ "$try" = 2 ] || grep -q 'Failing input' "$work/fuzz" || ! grep -q 'context deadline exceeded' "$work/fuzz"; then
			cat "$work/fuzz"
			return 1
		fi
	done
}

command -v go >/dev/null 2>&1 || fail "Go is missing: install the version of go.mod (go.dev/dl) and run again"
step "what the tests need" install_missing
step "gofmt" formatted
step "go build" go build ./...
step "go vet" go vet ./...
step "staticcheck" go tool staticcheck ./...
# What learns in one goroutine for minutes is looked at without the race detector, which finds nothing there.
step "go test" go test -race -shuffle=on -timeout 15m -p 2 -skip '^TestWeightsOnUnseenHands$' ./...
step "unseen hands" go test -timeout 10m -run '^TestWeightsOnUnseenHands$' ./rules
step "fuzz" fuzz_all
step "demo" timeout 180 go run ./cmd/sportello demo --once
echo "== all good, $(($(date +%s) - began)) s"
