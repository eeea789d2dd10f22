# SPDX-License-Identifier: Apache-2.0
# The front door. Meson and ninja do the work: see CONTRIBUTING.md.

PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: all run check soak bench fuzz conformance install deb format clean

all:
	@scripts/deps run
	@scripts/build build

# Findings (exit status 1) are an answer; only not being able to look is not.
run: all
	@build/holdfast doctor || [ $$? -eq 1 ]

check:
	@scripts/deps check
	@scripts/check

soak:
	@scripts/deps soak
	@scripts/check soak

bench: all
	@scripts/deps bench
	@bench/run

# 60 seconds a target; what is found goes to build-fuzz/found/
fuzz:
	@scripts/deps check
	@scripts/fuzz 60

conformance:
	@scripts/deps check
	@scripts/conformance

# Builds only what is not there, so that `sudo make install` compiles nothing.
install: build/holdfast
	@scripts/install "$(DESTDIR)" "$(PREFIX)"

build/holdfast:
	@$(MAKE) --no-print-directory all

deb: all
	@scripts/deps deb
	@packaging/build-deb

format:
	@find src tests fuzz bench -name '*.[ch]' -exec clang-format -i {} +

clean:
	@rm -rf build build-clang build-asan build-fuzz
