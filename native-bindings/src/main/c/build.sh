#!/bin/sh
# Builds libmillrace_lanes.so. Usage: build.sh OUTPUT [EXTRA_FLAG...]
#
# Picks $CC, else gcc, else clang, else cc. Exits 3 and builds nothing where there is no compiler for Linux on x86-64 that
# knows AVX-512 IFMA, or on arm64: the library is optional. The compiler's target decides which files are built; CC may be
# a cross compiler. The same sources and compiler give the same bytes, wherever they lie.
# LANES_PORTABLE=1 takes the files of arm64 for any processor, their few intrinsics in plain C: for tests of these files.
# LANES_MAIN, if set, is a list of C files, one with a main: then OUTPUT is a program of them and the library's sources.
# LANES_OBJECTS, if set, is a folder that gets the object files too, for run.sh to read their instructions.
set -eu
export LC_ALL=C

output=$1
shift
here=$(cd "$(dirname "$0")" && pwd)

if [ "$(uname -s)" != Linux ]; then
    echo "lanes: not built: the kernels are for Linux on x86-64 and arm64"
    exit 3
fi

# Sets levels, the kind of files that a compiler builds; fails where it cannot.
levels_of() {
    command -v "$1" > /dev/null 2>&1 || return 1
    case $("$1" -dumpmachine 2> /dev/null) in
        aarch64*) levels=neon header=arm_neon.h needs= ;;
        x86_64*) levels=x86 header=immintrin.h needs=-mavx512ifma ;;
        *) return 1 ;;
    esac
    if [ -n "${LANES_PORTABLE:-}" ]; then
        levels=neon header=math.h needs=
    fi
    # shellcheck disable=SC2086 # one flag or none
    printf '#include <%s>\n#include <string.h>\n' "$header" | "$1" -x c -c $needs -o /dev/null - 2> /dev/null
}

compiler=
for candidate in ${CC:-} gcc clang cc; do
    if levels_of "$candidate"; then
        compiler=$candidate
        break
    fi
done
if [ -z "$compiler" ]; then
    echo "lanes: not built: no C compiler for x86-64 that knows AVX-512 IFMA (gcc 9 or clang 9, or newer), or for arm64, found"
    exit 3
fi

common="-std=c11 -O3 -g0 -fPIC -fvisibility=hidden -ffile-prefix-map=$here=. -I$here -fno-stack-protector
    -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion"
# The files that run before the processor is known are for any x86-64; see levels_x86.c for who calls the others when.
wide="-mavx512f -mavx512dq -mavx512bw -mavx512vl -mbmi2"
ifma="$wide -mavx512ifma"
# What cleanse_x86.c and cleanse_neon.c count on.
case $("$compiler" --version) in
    *clang*)
        frame="-Wframe-larger-than=6656 -Werror=frame-larger-than"
        nested="-Wframe-larger-than=3584 -Werror=frame-larger-than"
        small="-Wframe-larger-than=768 -Werror=frame-larger-than"
        ladder=
        tuned=
        narrow=-ffp-contract=off
        ;;
    *)
        frame="-Werror=frame-larger-than=6656"
        nested="-Werror=frame-larger-than=3584"
        small="-Werror=frame-larger-than=768"
        # Scheduling before registers are allocated, within what they hold: 4 % of the ladder.
        ladder="-fschedule-insns -fsched-pressure"
        # Tuned for any processor it copies vectors in halves, which then cannot be loaded whole: 20 % of the ladder
        # with AVX2. With IFMA it is 1.7 %.
        tuned=-mtune=haswell
        narrow="-ffp-contract=off $tuned -fno-tree-ter"
        ;;
esac
exact="-ffp-contract=off $nested"
[ -z "${LANES_PORTABLE:-}" ] || common="$common -DLANES_PORTABLE"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

for file in "$here"/*.c ${LANES_MAIN:-}; do
    case $levels/$(basename "$file" .c) in
        x86/*_neon | neon/*_x86 | neon/*_avx2 | neon/*_avx512 | neon/*_ifma | neon/sha256_ni) continue ;;
        neon/lanes_vrf | neon/base25519) continue ;;
    esac
    case $(basename "$file") in
        # Every arm64 processor runs them.
        cleanse_neon.c) flags= ;;
        x25519_neon.c | field_neon.c) flags=$exact ;;
        *_neon.c) flags=$frame ;;
        lanes.c | lanes_vrf.c | levels_x86.c | base25519.c | chacha20_queue.c | frames.c) flags="$frame" ;;
        # Runs at every level, and wipes registers of its level by name.
        cleanse_x86.c) flags= ;;
        x25519_finish.c)
            flags=$frame
            [ $levels = neon ] || flags="-mbmi2 $frame"
            ;;
        x25519_avx2.c | field_avx2.c) flags="-mavx2 -mfma -mbmi2 -mno-vzeroupper $nested $narrow" ;;
        x25519_avx512.c | field_avx512.c) flags="-mavx512f -mavx512dq -mbmi2 -mno-vzeroupper $nested $narrow" ;;
        x25519_ifma.c) flags="$ifma $frame $ladder $tuned" ;;
        x25519_base_ifma.c | edwards25519_ifma.c) flags="$ifma $frame $ladder" ;;
        *_avx2.c) flags="-mavx2 $frame $tuned" ;;
        sha256_ni.c) flags="-msha -mssse3 -msse4.1 $small" ;;
        *_ifma.c) flags="$ifma $frame" ;;
        # Run on processors without IFMA too: run.sh isa reads the objects.
        *_avx512.c) flags="$wide $frame" ;;
        *) flags="-D_GNU_SOURCE" ;;
    esac
    # shellcheck disable=SC2086 # the flags are lists
    "$compiler" $common $flags "$@" -c "$file" -o "$objects/$(basename "$file" .c).o"
done
if [ -n "${LANES_OBJECTS:-}" ]; then
    mkdir -p "$LANES_OBJECTS"
    cp "$objects"/*.o "$LANES_OBJECTS"
fi
mkdir -p "$(dirname "$output")"
rm -f "$output"
if [ -n "${LANES_MAIN:-}" ]; then
    "$compiler" "$@" -o "$output" "$objects"/*.o -ldl -lm
else
    "$compiler" "$@" -shared -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,now -s -o "$output" "$objects"/*.o
fi
echo "lanes: built $(basename "$output") with $("$compiler" --version | head -n 1)"
