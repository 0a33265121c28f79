// `hosts.sh`: how the scripts reach hosts.

export const hostsScript = `# shellcheck shell=sh disable=SC2034
# How the scripts beside reach hosts: this machine where none is named, else ssh (TENON_SSH says how, "ssh -i key"). Read by them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=settings.sh
. "$here/settings.sh"

build=
node=
release=$(date -u +%Y%m%dT%H%M%SZ)
databases_too=

die() {
  printf '%s: %s\\n' "$(basename "$0")" "$*" >&2
  exit 2
}

# Options and hosts of the command line; "." is this machine.
read_arguments() {
  named=
  while [ $# -gt 0 ]; do
    case $1 in
    --build) build=\${2:?--build needs a folder} && shift 2 ;;
    --node) node=\${2:?--node needs a file} && shift 2 ;;
    --release) release=\${2:?--release needs a name} && shift 2 ;;
    --databases) databases_too=yes && shift ;;
    -h | --help) sed -n '2,/^set/s/^# \\{0,1\\}//p' "$0" && exit 0 ;;
    -*) die "there is no option $1" ;;
    *) named="$named $1" && shift ;;
    esac
  done
  case $release in *[!A-Za-z0-9.]* | .* | "") die "a release is named by letters, digits and dots, got \\"$release\\"" ;; esac
  [ "\${#release}" -le 16 ] || die "the name of a release has 16 characters at most, got \\"$release\\""
  [ -z "$named" ] || hosts=$named
  [ -n "$hosts" ] || hosts=.
}

# HOST COMMAND: a command line without single quotes, as root; its input is ours.
run_on() {
  # shellcheck disable=SC2016
  as_root='sudo=; [ "$(id -u)" = 0 ] || sudo="sudo -n"; $sudo sh -c'
  if [ "$1" = . ]; then
    sh -c "$as_root '$2'"
  else
    # shellcheck disable=SC2086
    \${TENON_SSH:-ssh} "$1" "$as_root '$2'"
  fi
}

# HOST FOLDER TARGET: copies what is in a folder, all of it or nothing.
send_folder() {
  tar -C "$2" -czf - . |
    run_on "$1" "set -e; rm -rf $3.partial; mkdir -p $3.partial; tar -C $3.partial -xzf - --no-same-owner; rm -rf $3; mv $3.partial $3"
}
`;
