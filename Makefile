# The front door. `make` alone prints what there is; personal settings go in an untracked Makefile.local.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help reproduce test thread faults bench report reference lint check-layers format clean

TIER = standard
DIR = reports/latest
JOBS = $(shell nproc)
RUN_FLAGS =
CONFIGURE_FLAGS =
-include Makefile.local

configure = cmake --preset $(1) --log-level=WARNING $(CONFIGURE_FLAGS)
build = cmake --build --preset $(1)
need = @cmake/require-packages.sh $(1)

help:
	@echo 'make reproduce      simulate every experiment, check every claim, write the report'
	@echo '                      make reproduce TIER=smoke RUN_FLAGS="fig6-adam --threads 2"'
	@echo 'make test           all tests: release, sanitizers, layering, headers, formatting'
	@echo '                      make test JOBS=1 CONFIGURE_FLAGS=-DSDELENS_WARNINGS_AS_ERRORS=ON'
	@echo 'make thread         unit tests under the thread sanitizer'
	@echo '                      make thread'
	@echo 'make faults         one fault after another: does the claim that must see it turn red'
	@echo '                      make faults FAULTS=adam-bias-count'
	@echo 'make bench          time the simulation against its peers'
	@echo '                      make bench'
	@echo 'make report         write the report of stored records again, without a simulation'
	@echo '                      make report DIR=reports/latest'
	@echo 'make reference      reference/errata.md and ledger.md from the records of a run'
	@echo '                      make reference DIR=reports/latest'
	@echo 'make lint           clang-tidy'
	@echo '                      make lint FILES=lib/core'
	@echo 'make check-layers   who may include whom, and what is banned'
	@echo '                      make check-layers'
	@echo 'make format         clang-format every source file'
	@echo '                      make format'
	@echo 'make clean          remove build/ (reports stay)'
	@echo '                      make clean'

reproduce:
	$(call need,build plots)
	$(call configure,release)
	$(call build,release) --target sdelens_program
	@cmake/run-gate.sh build/release/sdelens run --tier $(TIER) $(RUN_FLAGS)

test:
	$(call need,build plots)
	$(call configure,release)
	$(call build,release)
	ctest --preset release --parallel $(JOBS)
	$(call configure,sanitize)
	$(call build,sanitize)
	ctest --preset sanitize --parallel $(JOBS)

# Needs clang and libomp; not part of `make test`.
thread:
	$(call need,build thread)
	$(call configure,thread)
	$(call build,thread)
	ctest --preset thread --parallel $(JOBS)

# About three quarters of an hour; not part of `make test`, which looks that every fault still applies.
faults:
	$(call need,build)
	tests/faults/run.sh $(FAULTS)

bench:
	$(call need,build bench)
	$(call configure,release)
	$(call build,release) --target sdelens_bench
	build/release/sdelens_bench --benchmark_out=build/benchmarks.json --benchmark_out_format=json $(BENCH_FLAGS)

report:
	$(call need,build plots)
	$(call configure,release)
	$(call build,release) --target sdelens_program
	@cmake/run-gate.sh build/release/sdelens report $(DIR)

reference:
	$(call need,build)
	$(call configure,release)
	$(call build,release) --target sdelens_program
	build/release/sdelens errata --records $(DIR) --out reference/errata.md
	(printf '# Ledger of paper A\n\nWritten by `make reference` from the records of a run.\n\n'; \
	  build/release/sdelens list --lemmas --format markdown --records $(DIR)) > build/ledger.md
	mv build/ledger.md reference/ledger.md

lint:
	$(call need,build lint)
	$(call configure,dev) -B build/lint -DCMAKE_CXX_COMPILER=clang++
	cmake --build build/lint --target sdelens_revision
	run-clang-tidy -quiet -p build/lint -j $(JOBS) '^$(CURDIR)/($(or $(FILES),lib|reference|reports|suite|tests))/'

check-layers:
	$(call need,build)
	$(call configure,release)
	$(call build,release) --target test_layering
	build/release/tests/layering/test_layering --gtest_brief=1

format:
	$(call need,format)
	git ls-files --cached --others --exclude-standard '*.cpp' '*.hpp' | xargs clang-format -i

clean:
	rm -rf build
