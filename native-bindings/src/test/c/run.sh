#!/bin/sh
# Tests the C kernels without Maven. Usage: run.sh LIBSODIUM [MODE...], with modes
#   plain     all functions against libsodium and RFC vectors (default)
#   bounds    the same with every bound of every limb checked at run time (LANES_CHECK_BOUNDS), then portable so too
#   sanitize  the same under AddressSanitizer and UndefinedBehaviorSanitizer
#   million   1,000,000 random inputs of X25519 and the million iterations of RFC 7748, at each level: minutes
#   portable  the kernels of arm64 as plain C on this processor
#   arm64     the kernels of arm64, built by a cross compiler and run by qemu-aarch64; their objects are read too
#   emulated  all functions over emulated vectors (emulation/immintrin.h), on a processor that need not have any
#   secrets   no branch and no address depends on a secret, by clang's MemorySanitizer, which has to find planted ones; at
#             each level, that of arm64 as plain C
#   memcheck  the same by valgrind over emulated vectors
#   fuzz      random calls of every function for FUZZ_SECONDS (5), under AddressSanitizer; with clang by its libFuzzer
#   isa       no object file has an instruction above its level, by objdump
#   bench     times against libsodium in one run
# ROUNDS and SEED choose the random part; LANES_MILLION=1 adds the million iterations of RFC 7748 section 5.2 in every
# lane, as the mode million does. CC chooses the compiler. Exits 3 where nothing can be built, or read by objdump, and 4 where
# the kernels do not run. LIBSODIUM is a path to libsodium.so, with that of arm64 in ../arm64; secrets, memcheck, fuzz and
# isa do not look at it.
set -eu

sodium=$1
shift
tests=$(cd "$(dirname "$0")" && pwd)
kernels=$tests/../../main/c
build=$kernels/build.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Builds PROGRAM from the test FILE and the kernels over emulated vectors: emulate PROGRAM FILE FLAG...
emulate() {
    emulated=$1
    shift
    # Nothing has to be inlined in there: it would only take the compiler minutes.
    # shellcheck disable=SC2046 # a list of files without spaces
    "${CC:-cc}" -std=gnu11 -O1 -fno-inline -g -w -Wno-psabi -Dalways_inline=unused -DLANES_EMULATED -DLANES_NO_ASSEMBLY -I"$tests/emulation" -I"$kernels" -o "$emulated" \
        "$@" $(find "$kernels" -name '*.c' ! -name cleanse_x86.c ! -name sha256_ni.c ! -name '*_neon.c') "$tests/emulation/cleanse.c" -ldl
}

# What mode plain and others are made of.
neon_test="$tests/lanes_test.c $tests/field_neon.c"
lanes_test="$tests/lanes_test.c $tests/field_avx2.c $tests/field_avx512.c"
[ "$(uname -m)" != aarch64 ] || lanes_test=$neon_test
# Builds by build.sh as plain C need the multiply-add to be quick.
portable_flags=$([ "$(uname -m)" != x86_64 ] || echo -mfma)

# planted TOOL... : the tool has to fail on what lanes_secrets plants.
planted() {
    for plant in branch address; do
        if "$@" $plant > "$folder/planted" 2>&1; then
            echo "run.sh: the planted $plant on a secret was not found" >&2
            exit 1
        fi
        grep -q 'use-of-uninitialized-value\|uninitialised value' "$folder/planted"
        echo "the planted $plant was found"
    done
}

# has OBJECT PATTERN : whether the object file has such an instruction.
has() {
    "${OBJDUMP:-objdump}" -d --no-show-raw-insn "$1" | grep -q "$2"
}

# without OBJECT PATTERN LEVEL : it must not.
without() {
    if has "$1" "$2"; then
        echo "run.sh: $(basename "$1") runs at level $3 and has instructions above it:" >&2
        "${OBJDUMP:-objdump}" -d --no-show-raw-insn "$1" | grep "$2" | head -n 3 >&2
        exit 1
    fi
}

# with OBJECT PATTERN : it must, or the pattern or the flags are wrong.
with() {
    if ! has "$1" "$2"; then
        echo "run.sh: $(basename "$1") has no instruction with $2" >&2
        exit 1
    fi
}

# Reads the object files in a folder: each by the level at which levels_x86.c has it.
levels() {
    for object in "$1"/*.o; do
        case $(basename "$object" .o) in
            # Wipes the registers of each level by name, under the level's condition.
            cleanse_x86) without "$object" vpmadd52 AVX512 ;;
            *_ifma) ;;
            *_avx512) without "$object" vpmadd52 AVX512 ;;
            *_avx2 | x25519_finish) without "$object" '%zmm\|%k[1-7]\|vpmadd52' AVX2 ;;
            *) without "$object" '%[yz]mm\|%k[1-7]\|vpmadd52' NONE ;;
        esac
    done
    with "$1/poly1305_ifma.o" vpmadd52
    with "$1/chacha20_avx512.o" %zmm
    with "$1/blake2b_avx512.o" %zmm
    for kernel in x25519 chacha20 blake2b poly1305; do
        with "$1/${kernel}_avx2.o" %ymm
    done
    with "$1/x25519_avx2.o" vfmadd
    echo "no instruction above its level in $(find "$1" -name '*.o' | wc -l) object files"
}

# The same for arm64: nothing beyond ARMv8.0, so no SVE and no cryptographic or other later instructions.
levels_neon() {
    for object in "$1"/*.o; do
        without "$object" '[[:space:]]z[0-9]\|[[:space:]]\(aes[demi]\|sha[15]\|eor3\|rax1\|xar\|bcax\|pmull\|sm[34]\|udot\|sdot\|cas\|sqrdml\)' NEON
    done
    with "$1/x25519_neon.o" 'fmla.*\.2d'
    with "$1/chacha20_neon.o" 'sri.*\.4s'
    with "$1/blake2b_neon.o" 'rev64.*\.4s'
    with "$1/poly1305_neon.o" 'uml[al]*l.*\.2d'
    echo "no instruction above level NEON in $(find "$1" -name '*.o' | wc -l) object files"
}

# The kernels of arm64 on any processor: portable PROGRAM FLAG...
portable() {
    portable=$1
    shift
    # shellcheck disable=SC2086 # a list
    LANES_PORTABLE=1 sh "$build" "$portable" $portable_flags "$@"
}

# The tests by an arm64 compiler, where there is one and something that runs programs of arm64.
arm64() {
    arm_compiler=aarch64-linux-gnu-gcc arm_objdump=aarch64-linux-gnu-objdump
    arm_runs="qemu-aarch64 -L /usr/aarch64-linux-gnu"
    if [ "$(uname -m)" = aarch64 ]; then
        arm_compiler=${CC:-cc} arm_objdump=objdump arm_runs=
    fi
    for tool in "$arm_compiler" "$arm_objdump" ${arm_runs%% *}; do
        if ! command -v "$tool" > /dev/null; then
            echo "run.sh: arm64: not tested, $tool is missing (Debian: gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user)"
            exit 3
        fi
    done
    CC=$arm_compiler LANES_OBJECTS=$folder/arm64_objects sh "$build" "$folder/arm64.so" -Werror
    OBJDUMP=$arm_objdump levels_neon "$folder/arm64_objects"
    CC=$arm_compiler LANES_MAIN=$neon_test sh "$build" "$1" -Werror
    $arm_runs "$1" "$(dirname "$(dirname "$sodium")")/arm64/libsodium.so" "${ROUNDS:-8}" ${SEED:-}
}

for mode in "${@:-plain}"; do
    program=$folder/$mode
    case $mode in
        plain | million | bench | isa) flags=-Werror ;;
        bounds) flags=-DLANES_CHECK_BOUNDS ;;
        sanitize) flags="-fsanitize=address,undefined -fno-sanitize-recover=all -Wno-frame-larger-than" ;;
        emulated | memcheck | portable | arm64) flags= ;;
        fuzz) flags="-fsanitize=address,undefined -fno-sanitize-recover=all -Wno-frame-larger-than" ;;
        secrets) flags="-fsanitize=memory -DLANES_NO_ASSEMBLY -O1 -g -Wno-frame-larger-than" ;;
        *)
            echo "run.sh: no such mode: $mode" >&2
            exit 2
            ;;
    esac
    # shellcheck disable=SC2086 # the flags are a list
    case $mode in
        bench)
            LANES_MAIN=$tests/lanes_bench.c sh "$build" "$program" $flags
            "$program" "$sodium"
            ;;
        isa)
            if ! command -v objdump > /dev/null; then
                echo "run.sh: isa needs objdump (install binutils)" >&2
                exit 3
            fi
            LANES_OBJECTS=$folder/objects sh "$build" "$program.so" $flags
            if [ -f "$folder/objects/levels_neon.o" ]; then
                levels_neon "$folder/objects"
            else
                levels "$folder/objects"
            fi
            ;;
        secrets)
            CC=${CC:-clang} LANES_MAIN=$tests/lanes_secrets.c sh "$build" "$program" $flags
            "$program"
            planted "$program"
            CC=${CC:-clang} LANES_MAIN=$tests/lanes_secrets.c portable "$program.portable" $flags
            "$program.portable"
            planted "$program.portable"
            ;;
        fuzz)
            if echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' \
                | "${CC:-clang}" -x c -fsanitize=fuzzer -o /dev/null - 2> /dev/null; then
                CC=${CC:-clang} LANES_MAIN=$tests/lanes_fuzz.c sh "$build" "$program" $flags -fsanitize=fuzzer
                mkdir "$folder/corpus"
                (cd "$folder" && "$program" -max_total_time="${FUZZ_SECONDS:-5}" -print_final_stats=1 ${SEED:+-seed=$SEED} corpus)
            else
                LANES_MAIN=$tests/lanes_fuzz.c sh "$build" "$program" $flags -DLANES_FUZZ_DRIVER
                "$program" "${FUZZ_SECONDS:-5}" ${SEED:-}
            fi
            ;;
        memcheck)
            emulate "$program" "$tests/lanes_secrets.c" -DLANES_MEMCHECK
            valgrind -q --error-exitcode=9 "$program"
            planted valgrind -q --error-exitcode=9 "$program"
            LANES_MAIN=$tests/lanes_secrets.c portable "$program.portable" -g -DLANES_MEMCHECK
            valgrind -q --error-exitcode=9 "$program.portable"
            planted valgrind -q --error-exitcode=9 "$program.portable"
            ;;
        portable)
            LANES_MAIN=$neon_test portable "$program" -Werror
            "$program" "$sodium" "${ROUNDS:-256}" ${SEED:-}
            ;;
        arm64) arm64 "$program" ;;
        emulated)
            emulate "$program" $lanes_test
            "$program" "$sodium" "${ROUNDS:-8}" ${SEED:-}
            ;;
        million)
            LANES_MAIN="$lanes_test" sh "$build" "$program" $flags
            LANES_MILLION=1 "$program" "$sodium" 31250 ${SEED:-}
            ;;
        *)
            LANES_MAIN="$lanes_test" sh "$build" "$program" $flags
            "$program" "$sodium" "${ROUNDS:-256}" ${SEED:-}
            if [ "$mode" = bounds ]; then
                LANES_MAIN=$neon_test portable "$program.portable" $flags
                "$program.portable" "$sodium" "${ROUNDS:-256}" ${SEED:-}
            fi
            ;;
    esac
done
