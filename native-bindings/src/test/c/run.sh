#!/bin/sh
# Tests the C kernels without Maven. Usage: run.sh LIBSODIUM [MODE...], with modes
#   plain     all functions against libsodium and RFC vectors (default)
#   bounds    the same with every bound of every limb checked at run time (LANES_CHECK_BOUNDS)
#   sanitize  the same under AddressSanitizer and UndefinedBehaviorSanitizer
#   secrets   no branch and no address depends on a secret, by clang's MemorySanitizer, which has to find a planted one
#   bench     times against libsodium in one run
# ROUNDS and SEED choose the random part; LANES_MILLION=1 adds the million iterations of RFC 7748 section 5.2 in every
# lane. CC chooses the compiler. Exits 3 where nothing can be built and 4 where the kernels do not run.
# LIBSODIUM is a path to libsodium.so; the mode secrets does not look at it.
set -eu

sodium=$1
shift
tests=$(cd "$(dirname "$0")" && pwd)
build=$tests/../../main/c/build.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for mode in "${@:-plain}"; do
    program=$folder/$mode
    case $mode in
        plain) flags=-Werror ;;
        bounds) flags=-DLANES_CHECK_BOUNDS ;;
        sanitize) flags="-fsanitize=address,undefined -fno-sanitize-recover=all -Wno-frame-larger-than" ;;
        bench) flags=-Werror ;;
        secrets) flags="-fsanitize=memory -DLANES_NO_ASSEMBLY -O1 -g -Wno-frame-larger-than" ;;
        *)
            echo "run.sh: no such mode: $mode" >&2
            exit 2
            ;;
    esac
    if [ "$mode" = bench ]; then
        # shellcheck disable=SC2086 # the flags are a list
        LANES_MAIN=$tests/lanes_bench.c sh "$build" "$program" $flags
        "$program" "$sodium"
    elif [ "$mode" = secrets ]; then
        # shellcheck disable=SC2086
        CC=${CC:-clang} LANES_MAIN=$tests/lanes_secrets.c sh "$build" "$program" $flags
        "$program"
        if "$program" plant > "$folder/planted" 2>&1; then
            echo "run.sh: the planted branch on a secret was not found" >&2
            exit 1
        fi
        grep -q use-of-uninitialized-value "$folder/planted"
        echo "the planted branch was found"
    else
        # shellcheck disable=SC2086
        LANES_MAIN=$tests/lanes_test.c sh "$build" "$program" $flags
        # shellcheck disable=SC2086
        "$program" "$sodium" ${ROUNDS:-256} ${SEED:-}
    fi
done
