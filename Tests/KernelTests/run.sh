#!/usr/bin/env bash
# Compiles the kernels and their tests with clang, and runs them on every instruction set of this machine; with the argument `aarch64` (or
# `x86_64`) on those of another one, emulated. That needs lld and, of Debian's packages, qemu-user,
# gcc-aarch64-linux-gnu and libc6-dev-arm64-cross.
set -euo pipefail
cd "$(dirname "$0")/../.."
machine=${1:-$(uname -m)}
export build=.build/kernel-tests/$machine
flags=(-O2 -Wall -Werror -ISources/CCarpusKernels/include) linking=(-lm) emulator=()
if [ "$machine" != "$(uname -m)" ]; then
  flags+=("--target=$machine-linux-gnu")
  linking+=("--target=$machine-linux-gnu" -fuse-ld=lld -static)
  emulator=("qemu-$machine")
fi

mkdir -p "$build"
printf '%s\0' Sources/CCarpusKernels/*.c Tests/KernelTests/*.c |
  xargs -0 -P "$(nproc)" -I{} sh -c 'clang "$@" -c "$0" -o "$build/$(echo "$0" | tr / -).o"' {} "${flags[@]}"
clang "$build"/*.c.o "${linking[@]}" -o "$build/kernel-tests"
"${emulator[@]}" "$build/kernel-tests" "${@:2}"
